"""What stands in the evaluation tables of `domain.md` §6: columns of a `Row`, notes below.

Reads a `Summary` and computes nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from indicators.progress import BEHIND, ON_TRACK, Status
from reports.summary import NONE, Number, Row, Summary, YearCell
from reports.workbook_sheet import Column, Shade

# Darker is worse, so that a black-and-white copy keeps the order; the word decides.
MET_FILL = "D5E8CF"
ON_TRACK_FILL = "EEF6EB"
SLIGHT_FILL = "FFE08A"
BEHIND_FILL = "F0A07C"
OPEN_FILL = "D9D9D9"

HOW_TO_READ = (
    "完成率＝完成值÷目标值；目标进度＝（完成值－基期值）÷（目标值－基期值）；"
    "时间进度＝基期年末至数据时点的月数÷基期年末至目标年末的月数；"
    "“—”表示无此项或无法计算；缺数标明“未填报”，不作零处理。"
)


def columns(summary: Summary, rows: Sequence[Row], code_heading: str) -> list[Column]:
    base, *years = summary.years
    return [
        Column(code_heading, _code, 5.5),
        Column("指标", lambda row: row.name, 21, across="left"),
        Column("单位", lambda row: row.unit or NONE, 6),
        Column("属性", lambda row: row.attribute_label or NONE, 7.5),
        _year_column("基期值\n", base, 0, rows, ""),
        *(_year_column("", year, i, rows, "完成值") for i, year in enumerate(years, start=1)),
        *_target_columns(),
        Column("评估结论", lambda row: row.label, 9.5, shade=_shade),
        Column("差距", lambda row: row.gap_text or NONE, 13),
        Column("责任单位", lambda row: row.responsible or NONE, 11),
        Column("分管领导", lambda row: row.supervisor or NONE, 17),
        Column("情况说明及原因", _explanation, 29, across="left"),
        Column("下一步措施", lambda row: row.next_step, 24, across="left"),
    ]


def _target_columns() -> list[Column]:
    return [
        Column("规划表述", lambda row: row.target_text, 11, "目标值", widest=18),
        Column("数值", lambda row: row.target, 7.5, "目标值"),
        Column("序时进度\n应达值", lambda row: row.expected, 9.5, "进度"),
        Column("完成率", lambda row: row.completion, 7.5, "进度"),
        Column("目标\n进度", lambda row: row.goal, 7.5, "进度"),
        Column("时间\n进度", lambda row: row.time, 7.5, "进度"),
    ]


def _year_column(lead: str, year: int, index: int, rows: Sequence[Row], group: str) -> Column:
    nature = common_nature(rows, index)
    heading = f"{lead}{year}年\n{nature}" if nature else f"{lead}{year}年"
    return Column(heading, lambda row: _value(row.cells[index]), 9, group)


def status_fill(status: Status) -> str:
    if status is Status.MET:
        return MET_FILL
    if status in ON_TRACK:
        return ON_TRACK_FILL
    if status is Status.SLIGHTLY_BEHIND:
        return SLIGHT_FILL
    return BEHIND_FILL if status in BEHIND else OPEN_FILL


def _shade(row: Row) -> Shade:
    return Shade(status_fill(row.status), row.status in BEHIND)


def _code(row: Row) -> str | Number:
    return row.code if row.row_no is None else Number(Decimal(row.row_no), str(row.row_no))


def _value(cell: YearCell) -> str | Number:
    """The number, or the word that says why there is none; never 0."""
    return cell.label if cell.number.value is None else cell.number


def _explanation(row: Row) -> str:
    return "\n".join(text for text in (row.situation, row.cause) if text)


def nature_of(cell: YearCell) -> str:
    """年报数, 快报数, 预计数, 历史数据; empty without a value."""
    if cell.number.value is None:
        return ""
    return "历史数据" if cell.is_historical else cell.nature


def common_nature(rows: Sequence[Row], index: int) -> str:
    """What most values of a year are; the others are named below the table."""
    found = Counter(nature for row in rows if (nature := nature_of(row.cells[index])))
    return next((nature for nature, _ in found.most_common(1)), "")


def notes(summary: Summary, rows: Sequence[Row]) -> list[str]:
    """What the columns have no room for, each a sentence; those with nothing to say left out."""
    said = [
        HOW_TO_READ,
        *_other_natures(summary, rows),
        _listed("缺数", ((row, "、".join(row.current.notes)) for row in rows)),
        _listed("尚未达到的乡镇", ((row, "、".join(row.lacking)) for row in rows if row.gap)),
        _listed("目标年与规划末年不同", ((row, _due(row, summary)) for row in rows)),
        _listed("待核", ((row, row.to_verify) for row in rows)),
    ]
    return [text for text in said if text]


def _listed(head: str, told: Iterable[tuple[Row, str]]) -> str:
    """“缺数：2、5（没有这一年的填报批次）；8（缺 2023 年护理型床位数）。”"""
    codes: dict[str, list[str]] = {}
    for row, text in told:
        if text:
            codes.setdefault(text, []).append(row.code)
    parts = "；".join(f"{'、'.join(of)}（{text}）" for text, of in codes.items())
    return f"{head}：{parts}。" if parts else ""


def _due(row: Row, summary: Summary) -> str:
    return "" if row.due_year == summary.plan.end_year else f"{row.due_year}年"


def _other_natures(summary: Summary, rows: Sequence[Row]) -> Iterator[str]:
    """“2021年：3、5为历史数据。” where not all values of a year are of one nature."""
    for index, year in enumerate(summary.years):
        others: dict[str, list[str]] = {}
        for row in rows:
            others.setdefault(nature_of(row.cells[index]), []).append(row.code)
        for nature in sorted(others.keys() - {"", common_nature(rows, index)}):
            yield f"{year}年：{'、'.join(others[nature])}为{nature}。"
