"""What is published is settled: nothing that holds from a year on may reach into a year that has
been published. What was published changes through 更正 alone (`workflow/correcting.py`).

Asked by the models themselves, so it imports none of them."""

from collections.abc import Iterable

from plans.models import Plan


def last_published(plans: Iterable[Plan]) -> int | None:
    """The newest year of which anything is published; everything up to it is settled."""
    years = (r.year for plan in plans for r in plan.rounds.published().order_by())
    return max(years, default=None)


def start_fault(plan: Plan, year: int | None) -> str:
    """Why something cannot hold from that year on, and from which it may; "" when it can."""
    if year is None:
        return ""
    if year not in plan.years:
        return f"生效年应在 {plan.base_year} 至 {plan.end_year} 年之间，现为 {year}，请改正。"
    return published_fault(plan, year)


def published_fault(plan: Plan, year: int) -> str:
    last = last_published([plan])
    if last is None or year > last:
        return ""
    if last >= plan.end_year:
        return (
            f"规划末年 {last} 年的数据（含预计数）已经发布，不能再从本规划的年份改起；"
            "已发布的数据有误，请重新开启后作更正发布。"
        )
    return (
        f"{last} 年数据已经发布，生效年应为 {last + 1} 至 {plan.end_year} 年，现为 {year}，请改正。"
    )
