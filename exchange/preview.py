"""What an upload would do, row by row, before anybody says yes: plain values that a page prints."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from exchange.origin import fingerprint

NEW, CHANGED, REMOVED, UNCHANGED, REFUSED = "new", "changed", "removed", "unchanged", "refused"
OUTCOMES = {NEW: "新增", CHANGED: "修改", REMOVED: "删除", UNCHANGED: "未变", REFUSED: "有误"}
EMPTY = "空"


@dataclass(frozen=True)
class Change:
    name: str
    old: str
    new: str


@dataclass(frozen=True)
class RowPreview:
    """`notes`: how something was read, where that is not plain from the cell."""

    sheet: str
    row: int
    label: str
    outcome: str
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def word(self) -> str:
        return OUTCOMES[self.outcome]


@dataclass(frozen=True)
class BadCell:
    """`column` 0: the row as a whole. `says` ends with 。 and says what is expected."""

    sheet: str
    row: int
    column: int
    heading: str
    found: str
    says: str

    @property
    def address(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}" if self.column else f"第 {self.row} 行"

    def __str__(self) -> str:
        where = f"{self.address}“{self.heading}”" if self.heading else self.address
        return f"“{self.sheet}”{where}：{self.says}"


@dataclass
class Preview:
    """`faults`: what is wrong with the file as a whole; `notes`: what the person should know."""

    rows: list[RowPreview] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return bool(self.bad or self.faults)

    @property
    def shown(self) -> list[RowPreview]:
        return [row for row in self.rows if row.outcome != UNCHANGED]

    @property
    def changes_something(self) -> bool:
        return any(row.outcome in {NEW, CHANGED, REMOVED} for row in self.rows)

    @property
    def tally(self) -> list[tuple[str, str, int]]:
        """(outcome, word, number of rows), refused ones also as rows without a place."""
        counted = Counter(row.outcome for row in self.rows)
        return [(key, word, counted[key]) for key, word in OUTCOMES.items() if counted[key]]

    @property
    def sentence(self) -> str:
        if self.faults:
            return "文件不能导入。"
        if self.bad:
            return f"有 {len(self.bad)} 处需要改正，全部改正后才能导入；现在什么都没有写入。"
        if not self.changes_something:
            return "全部未变：文件内容与系统中的一致，没有需要导入的。"
        return "核对无误后确认导入；确认之前什么都没有写入。"

    @property
    def seen(self) -> str:
        """A word for what would change; another word means that the person must look again."""
        return fingerprint(
            [
                [row.sheet, row.label, row.outcome, [[c.name, c.old, c.new] for c in row.changes]]
                for row in self.shown
            ]
        )


def hidden_notes(names: Iterable[str], rows: dict[str, list[int]]) -> list[str]:
    """What stood in the file and was not read."""
    sheets = [f"工作表“{name}”是隐藏的，没有读入。" for name in names]
    return sheets + [
        f"工作表“{name}”有 {len(hidden)} 行是隐藏或筛选掉的（第 {_some(hidden)} 行），没有读入；"
        "需要导入请先取消隐藏或筛选。"
        for name, hidden in rows.items()
        if hidden
    ]


def _some(numbers: list[int]) -> str:
    return "、".join(map(str, numbers[:10])) + ("……" if len(numbers) > 10 else "")
