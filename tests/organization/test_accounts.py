"""The form of an account, as the 系统管理员 works with it."""

import pytest
from django.urls import reverse

from organization.models import User
from tests.world import World

pytestmark = pytest.mark.django_db
PAGE = "admin:organization_user_change"


def form(world: World, **fields: object) -> dict[str, object]:
    given = {"username": "new", "name": "新人", "unit": world.care.pk, "is_active": "on"}
    return {**given, "new_password": "for-tests-only-2023", "reason": "新任", **fields}


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_an_account_without_roles_is_made_only_inactive(world: World, as_person) -> None:
    client, url = as_person("sysadmin"), reverse("admin:organization_user_add")
    page = client.post(url, form(world)).content.decode()
    assert "没有角色的账号什么也不能办：请勾选角色；暂不使用的账号请取消“启用”。" in page
    assert not User.objects.filter(username="new").exists()
    client.post(url, form(world, is_active=""))
    assert not User.objects.get(username="new").is_active


def test_the_reason_stands_in_the_history(world: World, as_person) -> None:
    url = reverse("admin:organization_user_add")
    as_person("sysadmin").post(url, form(world, roles=["clerk"]))
    made = User.objects.get(username="new")
    assert "新任" in {row.history_change_reason for row in made.history.all()}


def test_who_drops_a_clerk_is_led_to_the_handover(world: World, as_person, clerk) -> None:
    url = reverse(PAGE, args=[clerk.pk])
    kept = form(world, username="clerk", new_password="", roles=["leader"])
    told = said(as_person("sysadmin").post(url, kept, follow=True))
    assert any("办理工作交接" in one for one in told)


def test_townships_are_folded_in_the_scope_of_a_reviewer(world: World, as_person) -> None:
    page = as_person("sysadmin").get(reverse("admin:organization_user_add")).content.decode()
    shown, _, folded = page.partition("<details><summary>乡镇（3 个，一般不单独报送）</summary>")
    assert "养老股" in shown.partition("审核范围")[2] and "东镇" in folded
    assert '<option value="" selected>（未选）</option>' in page


def test_a_scope_that_names_a_township_is_open(world: World, as_person, reviewer) -> None:
    reviewer.review_units.add(world.townships[0])
    page = as_person("sysadmin").get(reverse(PAGE, args=[reviewer.pk])).content.decode()
    assert "<details open><summary>乡镇（3 个" in page


def test_the_admin_speaks_chinese(world: World, as_person) -> None:
    world.round()
    rounds = as_person("planner").get(reverse("admin:indicators_round_changelist")).content.decode()
    assert "共 1 条" in rounds and "按年度" in rounds and "填报与管理" in rounds
    assert "---------" not in rounds and "icon-no" not in rounds
    url = reverse("admin:indicators_indicator_change", args=[world.indicators["W1"].pk])
    page = as_person("planner").get(url).content.decode()
    assert "100.000000" not in page and "<label>ID" not in page
    assert 'name="scale"' not in page
    plan = as_person("planner").get(reverse("admin:plans_plan_change", args=[world.plan.pk]))
    assert "2023 年、2025 年" in plan.content.decode()
    assert 'name="evaluation_years"' not in plan.content.decode()
