"""`manage.py send_reminders`: off by default; one mail a person; nothing of the figures."""

from datetime import date, timedelta
from io import StringIO
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.utils import timezone

from indicators import workflow
from indicators.models import Round
from organization.models import User
from reports.reminders import reminders
from tests.world import World

pytestmark = pytest.mark.django_db
DUE = date(2024, 2, 15)
SITE = "https://plan.example"


def run(*args: str) -> str:
    out = StringIO()
    call_command("send_reminders", *args, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def on(settings) -> None:
    settings.EMAIL_HOST, settings.SITE_URL = "mail.example", SITE


@pytest.fixture
def rnd(world: World) -> Round:
    for name in ("clerk", "reviewer", "planner"):
        User.objects.filter(username=name).update(email=f"{name}@example.org")
    return world.round(due_on=timezone.localdate() - timedelta(days=3))


def lines(today: date, days: int = 7) -> dict[str, tuple[str, ...]]:
    return {mail.user.username: mail.lines for mail in reminders(today, days, SITE)}


def test_without_a_mail_host_nothing_is_sent(world, rnd) -> None:
    assert run() == "没有设置 EMAIL_HOST，邮件提醒未启用，没有发送任何邮件。\n"
    assert mail.outbox == []


def test_a_mail_host_without_the_address_of_the_site_is_refused(world, rnd, settings) -> None:
    settings.EMAIL_HOST = "mail.example"
    with pytest.raises(CommandError) as refused:
        run()
    assert str(refused.value) == "请设置 SITE_URL（本系统的网址），邮件里要写明到哪里办理。"


def test_everybody_who_owes_something_gets_one_mail(world, rnd, on) -> None:
    assert run() == "已发送 1 封提醒。\n"
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["clerk@example.org"], "规划实施监测：您有 1 项待办")
    assert "2023 年年报 · 养老股：未报送" in sent.body and "逾期 3 天" in sent.body
    assert f"{SITE}/todo/" in sent.body


def test_a_dry_run_shows_and_sends_nothing(world, rnd, on) -> None:
    said = run("--dry-run")
    assert "甲clerk（clerk@example.org）：2023 年年报 · 养老股：未报送" in said
    assert said.endswith("共 1 封，没有发送。\n") and mail.outbox == []


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (DUE - timedelta(days=8), {}),
        (
            DUE - timedelta(days=7),
            {"clerk": ("2023 年年报 · 养老股：未报送，2024 年 2 月 15 日截止（还有 7 天）",)},
        ),
        (
            DUE + timedelta(days=2),
            {"clerk": ("2023 年年报 · 养老股：未报送，2024 年 2 月 15 日截止（逾期 2 天）",)},
        ),
    ],
)
def test_it_begins_some_days_before_the_date(world, today, found) -> None:
    User.objects.filter(username="clerk").update(email="clerk@example.org")
    world.round(due_on=DUE)
    assert lines(today) == found


def test_neither_figures_nor_reasons_leave_the_house(world, rnd, clerk, reviewer) -> None:
    world.fill(rnd, 98765, 300000, [1, 1, 0], 470)
    care = world.return_of(rnd, world.care)
    sent = workflow.submit(clerk, care.pk, care.version)
    today = timezone.localdate()
    assert lines(today) == {"reviewer": ("2023 年年报 · 养老股：已报送，等待审核",)}
    workflow.send_back(reviewer, sent.pk, sent.version, "应为 98766")
    (only,) = reminders(today, 7, SITE)
    assert only.user == clerk and "已退回，待修改" in only.text
    assert "9876" not in only.text and "应为" not in only.text


def test_who_has_no_address_or_no_account_in_use_gets_none(world, rnd) -> None:
    User.objects.filter(username="clerk").update(is_active=False)
    assert lines(timezone.localdate()) == {}


def test_one_that_fails_does_not_keep_the_others_back(world, rnd, on, monkeypatch) -> None:
    User.objects.filter(username="other_clerk").update(email="other@example.org")
    really = EmailMessage.send

    def send(message: EmailMessage, **options: object) -> int:
        if message.to == ["clerk@example.org"]:
            raise SMTPRecipientsRefused({})
        return really(message, **options)

    monkeypatch.setattr(EmailMessage, "send", send)
    with pytest.raises(CommandError) as failed:
        run()
    assert str(failed.value).startswith("有 1 封没有发出：甲clerk（clerk@example.org）：")
    assert [message.to for message in mail.outbox] == [["other@example.org"]]
