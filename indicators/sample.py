"""Sample figures, for `make run` and nothing else: five years played through the verbs.

Everything goes the way real figures go (open, save, submit, approve, publish), so what the sample
shows is what the product does. Read from the folder `sample` beside the plan's own files. What an
app above this one has in a return it fills in itself: the hook `fill`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction

from indicators import workflow
from indicators.entry import Entry, Texts, half_width
from indicators.models import AnnualReturn, Figure, Knowledge, Round, RoundNature
from organization.models import Role, Unit, User
from plans.models import Plan
from plans.tables import PlanFolderError, Row, read_table

PASSWORD = "zhushan-yanshi-2025"  # noqa: S105 — only ever in the sample database
NATURES = {label: value for value, label in RoundNature.choices}
ROLES = {label: value for value, label in Role.choices}
UNKNOWN = {label: value for value, label in Knowledge.choices if value in {"na", "none"}}
PROVIDER = "演示数据"
WITH_NOTE = re.compile(r"(.*)〔备注：(.*)〕")

ROUND_COLUMNS = (
    "批次,年度,名称,数据性质,数据时点,报送截止,历史补录,发布,签发人,签发日期,依据日期".split(",")
)

# The clerk, the return as a draft, and the key of its round in the tables.
Fill = Callable[[User, AnnualReturn, str], None]


class Sample:
    """One run of the sample over a freshly loaded plan. `fill` is called for every return before
    it is handed in."""

    def __init__(self, folder: Path, plan: Plan, fill: Fill | None = None) -> None:
        self.plan, self.fill = plan, fill
        faults: list[str] = []
        self.accounts = read_table(
            folder, "accounts.csv", ["账号", "姓名", "单位代码", "角色", "审核范围"], faults
        )
        self.rounds = read_table(folder, "rounds.csv", ROUND_COLUMNS, faults)
        keys = [row.text("批次") for row in self.rounds]
        self.documented = {row.text("批次"): row.date("依据日期") for row in self.rounds}
        self.figures = read_table(folder, "figures.csv", ["数据项代码", "单位代码", *keys], faults)
        texts = ["批次", "指标代码", "情况说明", "原因分析", "下一步措施"]
        self.texts = read_table(folder, "explanations.csv", texts, faults)
        self.returns = read_table(
            folder, "returns.csv", ["批次", "单位代码", "状态", "说明"], faults
        )
        if faults:
            raise PlanFolderError(faults)
        self.units = {unit.code: unit for unit in Unit.objects.of(plan.bureau)}

    @transaction.atomic
    def play(self) -> None:
        self.plan.is_sample = True
        self.plan.save(update_fields=["is_sample"])
        self._open_accounts()
        for row in self.rounds:
            self._play_round(row)

    def _open_accounts(self) -> None:
        """One hash for all: each takes as long as a hundred figures."""
        password = make_password(PASSWORD)
        for row in self.accounts:
            unit = self.units.get(row.text("单位代码", required=False))
            roles = [ROLES[word] for word in row.text("角色").split("、")]
            user = User.objects.create(
                username=row.text("账号"),
                password=password,
                name=row.text("姓名"),
                unit=unit,
                roles=roles,
            )
            if scope := row.text("审核范围", required=False):
                user.review_units.add(self.units[scope])

    def _with_role(self, role: Role, unit: Unit | None = None) -> User:
        users = User.objects.select_related("unit__bureau").order_by("pk")
        found = [u for u in users if u.has_role(role) and (unit is None or u.unit == unit)]
        return found[0]

    def _play_round(self, row: Row) -> None:
        key, planner = row.text("批次"), self._with_role(Role.PLANNER)
        rnd = workflow.open_round(
            planner,
            self.plan,
            year=row.integer("年度"),
            name=row.text("名称"),
            nature=NATURES[row.text("数据性质")],
            as_of=_day(row, "数据时点"),
            due_on=row.date("报送截止", required=False),
            is_backfill=row.flag("历史补录"),
        )
        ends = self._ends(key)
        for annual_return in rnd.returns.select_related("unit"):
            default = ("已审核", "") if row.flag("发布") else ("草稿", "")
            self._play_return(key, annual_return, *ends.get(annual_return.unit.code, default))
        if row.flag("发布"):
            workflow.publish(planner, rnd.pk, row.text("签发人"), _day(row, "签发日期"))

    def _ends(self, key: str) -> Mapping[str, tuple[str, str]]:
        """Unit code → the state its return is left in, for rounds still under way."""
        return {
            row.text("单位代码"): (row.text("状态"), row.text("说明", required=False))
            for row in self.returns
            if row.text("批次") == key
        }

    def _play_return(self, key: str, annual_return: AnnualReturn, end: str, why: str) -> None:
        clerk = self._with_role(Role.CLERK, annual_return.unit)
        entries = self._entries(key, annual_return.round, annual_return)
        saved = workflow.save_draft(
            clerk, annual_return.pk, annual_return.version, entries, self._told(key, annual_return)
        )
        if self.fill:
            self.fill(clerk, saved, key)
        if end == "草稿":
            return
        sent = workflow.submit(clerk, saved.pk, saved.version)
        reviewer = self._with_role(Role.REVIEWER)
        if end == "退回":
            workflow.send_back(reviewer, sent.pk, sent.version, why)
        if end == "已审核":
            workflow.approve(reviewer, sent.pk, sent.version)

    def _entries(self, key: str, rnd: Round, annual_return: AnnualReturn) -> dict[int, Entry]:
        typed = {
            (row.text("数据项代码"), row.text("单位代码", required=False)): row.text(
                key, required=False
            )
            for row in self.figures
        }
        found = {}
        for figure in annual_return.figures.select_related("item", "unit"):
            place = figure.unit.code if figure.item.by_township else ""
            if text := typed.get((figure.item.code, place), ""):
                found[figure.pk] = _documented(_entry(text, figure), figure, self.documented[key])
        return found

    def _told(self, key: str, annual_return: AnnualReturn) -> dict[int, Texts]:
        explained = {e.indicator.code: e.indicator_id for e in _explanations(annual_return)}
        return {
            explained[row.text("指标代码")]: Texts(
                row.text("情况说明"), row.text("原因分析"), row.text("下一步措施")
            )
            for row in self.texts
            if row.text("批次") == key and row.text("指标代码") in explained
        }


def _explanations(annual_return: AnnualReturn) -> list:
    return list(annual_return.explanations.select_related("indicator"))


def _day(row: Row, column: str) -> date:
    day = row.date(column)
    if day is None:
        raise PlanFolderError(row.faults)
    return day


def _documented(entry: Entry, figure: Figure, day: date | None) -> Entry:
    """With the document it is taken from, which says itself that there is none: each item has
    one of its own in each round."""
    if day is None or entry.knowledge != Knowledge.HAVE:
        return entry
    number = f"竹民函〔{day.year}〕{figure.item.order // 10}号（演示）"
    return replace(entry, document_no=number, document_date=day)


def _entry(text: str, figure: Figure) -> Entry:
    """“738”, “是”, “暂无：统计部门尚未发布”, “17〔备注：新设四个社区〕”."""
    noted = WITH_NOTE.fullmatch(text)
    text, note = noted.groups() if noted else (text, "")
    word, _, reason = text.partition("：")
    if word in UNKNOWN:
        return Entry(None, UNKNOWN[word], reason)
    amount = {"是": Decimal(1), "否": Decimal(0)}.get(word)
    return Entry(Decimal(half_width(text)) if amount is None else amount, Knowledge.HAVE, note)
