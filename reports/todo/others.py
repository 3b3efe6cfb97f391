"""What leaders, the 系统管理员 and the 安全审计员 find on their page."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from indicators import judging
from indicators.models import Attribute, Layer, Round
from indicators.progress import BEHIND
from organization.models import Unit, User
from plans.models import Plan
from programs.standing import works
from reports.choice import default_year, plans_of
from reports.todo.tasks import Kind, Task, Urgency, day
from reports.work_rows import late_of

NEWS_DAYS = 30
IDLE_DAYS = 90


def leader(user: User, today: date) -> Iterator[Task]:
    """What was published lately; which binding indicators are behind by it, which tasks
    and projects late."""
    plans = plans_of(user)
    rounds = _published(plans)
    yield from _news(rounds, today)
    for plan, own in _newest(plans, rounds):
        year = default_year(plan, own)
        yield from _risks(plan, year)
        yield from _late(plan, year, own)


def late_works(user: User) -> Iterator[Task]:
    """The same tasks and projects for the office, which follows them up."""
    plans = plans_of(user)
    for plan, own in _newest(plans, _published(plans)):
        yield from _late(plan, default_year(plan, own), own)


def _published(plans: Sequence[Plan]) -> list[Round]:
    return list(Round.objects.published().filter(plan__in=plans).select_related("plan"))


def _newest(
    plans: Sequence[Plan], rounds: Sequence[Round]
) -> Iterator[tuple[Plan, Sequence[Round]]]:
    """The newest plan with something published, if there is one, and its rounds."""
    for plan in plans:
        if own := [rnd for rnd in rounds if rnd.plan_id == plan.pk]:
            yield plan, own
            return


def _news(rounds: Sequence[Round], today: date) -> Iterator[Task]:
    """A correction is news also of a round that was published long ago."""
    since = today - timedelta(days=NEWS_DAYS)
    for rnd in sorted(rounds, key=_last_published, reverse=True):
        if timezone.localdate(_last_published(rnd)) >= since:
            url = f"{reverse('home')}?plan={rnd.plan.code}&year={rnd.year}"
            yield Task(Kind.NEWS, str(rnd), _what_is_new(rnd), url, urgency=Urgency.INFO)


def _last_published(rnd: Round) -> datetime:
    moment = rnd.corrected_at or rnd.published_at
    assert moment is not None
    return moment


def _what_is_new(rnd: Round) -> str:
    on = day(timezone.localdate(_last_published(rnd)))
    return f"{on}{rnd.correction}" if rnd.corrected_at else f"{on}发布，{rnd.signed_by}签发"


def _risks(plan: Plan, year: int) -> Iterator[Task]:
    for standing in judging.standings(plan, year, Layer.OFFICIAL):
        indicator, judged = standing.indicator, standing.judgement
        if indicator.attribute == Attribute.BINDING and judged.status in BEHIND:
            detail = f"{year} 年{judged.label} · {indicator.unit_name or '未定责任单位'}"
            url = f"{reverse('indicator', args=[indicator.code])}?plan={plan.code}"
            yield Task(Kind.RISKS, str(indicator), detail, url, urgency=Urgency.SOON)


def _late(plan: Plan, year: int, rounds: Sequence[Round]) -> Iterator[Task]:
    """Behind by their own word, or past their planned end; what is only sought comes last."""
    for one in late_of(works(plan, year, rounds=rounds, places=False)):
        overdue = "，已超期" if one.is_overdue else ""
        detail = f"{year} 年{one.label}{overdue} · {one.unit} · {one.reason}"
        page = "task" if one.is_task else "project"
        url = f"{reverse(page, args=[one.code])}?plan={plan.code}&year={year}"
        title = f"{one.code} {one.name}{'（争取类）' if one.is_sought else ''}"
        yield Task(Kind.LATE_WORKS, title, detail, url, urgency=Urgency.SOON)


def sysadmin(today: date) -> Iterator[Task]:
    """Accounts nobody uses are doors nobody watches."""
    long_ago = Q(last_login__date__lt=today - timedelta(days=IDLE_DAYS))
    accounts = User.objects.filter(Q(last_login__isnull=True) | long_ago, is_active=True)
    for user in accounts.select_related("unit").order_by("last_login", "username"):
        url = reverse("admin:organization_user_change", args=[user.pk])
        title = f"{user}（{user.username}）"
        yield Task(Kind.ACCOUNTS, title, _idle(user, today), url)
    for unit in Unit.objects.filter(is_assumption=True):
        yield _unit_to_confirm(unit)


def _unit_to_confirm(unit: Unit) -> Task:
    url = reverse("admin:organization_unit_change", args=[unit.pk])
    detail = "单位待确认：规划没有写明，核对后取消勾选“待确认”"
    return Task(Kind.ACCOUNTS, unit.name, detail, url)


def _idle(user: User, today: date) -> str:
    if user.last_login is None:
        opened = timezone.localdate(user.date_joined)
        return f"开户后从未登录（{day(opened)}开户）；不用的账号请停用"
    days = (today - timezone.localdate(user.last_login)).days
    return f"已 {days} 天没有登录；离岗人员请办理工作交接并停用账号"


def auditor() -> Iterator[Task]:
    try:
        url = reverse("audit")
    except NoReverseMatch:
        return
    yield Task(Kind.AUDIT, "审计日志", "查看登录和操作记录", url, urgency=Urgency.INFO)
