"""A small plan folder and the documents that say the same, all of our own making."""

import io
from pathlib import Path

import docx

from plans.tables import write_table

TITLE = "青山县老龄事业发展规划"
UNITS = [
    "单位代码", "名称", "类型", "所属局代码", "排序", "生效年", "最后有效年", "继任单位代码",
    "依据文件", "分管领导", "待确认",
]  # fmt: skip
TABLES: dict[str, tuple[list[str], list[list[object]]]] = {
    "units.csv": (
        UNITS,
        [
            ["QS", "青山县民政局", "局", "", 1, "", "", "", "", "", "否"],
            ["QS-1", "养老股", "股室", "QS", 2, "", "", "", "", "分管副局长", "是"],
            ["QS-T1", "东镇", "乡镇", "QS", 3, "", 2022, "QS-T2", "撤并文件", "", ""],
            ["QS-T2", "西镇", "乡镇", "QS", 4, "", "", "", "", "", ""],
        ],
    ),
    "plan.csv": (
        ["项目", "内容"],
        [
            ["规划代码", "qingshan-2031-2035"],
            ["规划名称", TITLE],
            ["简称", "青山老龄规划"],
            ["单位代码", "QS"],
            ["发文字号", "青政发〔2031〕1号"],
            ["发布日期", "2031-03-01"],
            ["印发机关", "青山县人民政府"],
            ["基期年", 2030],
            ["起始年", 2031],
            ["末年", 2035],
            ["评估年度", "2033、2035"],
            ["指标表标题", "主要指标"],
            ["符合序时界限", "0.9"],
        ],
    ),
    "chapters.csv": (["章号", "标题"], [[1, "总则"], [2, "任务"]]),
    "sections.csv": (
        ["章号", "节号", "标题"],
        [[1, 1, "目标"], [2, 1, "养老"], [2, 2, "助餐"]],
    ),
    "boxes.csv": (["专栏号", "章号", "节号", "标题"], [[1, 2, 1, "设施工程"]]),
    "clauses.csv": (
        ["定位", "概要", "句数", "不设任务的理由"],
        [
            ["前言 第1段", "编制依据", 1, "编制说明"],
            ["第一章第一节 第1段", "总目标", 1, "总体目标"],
            ["表1 第1行", "床位占比", 0, "由指标体现"],
            ["表1 第2行", "人员数", 0, "由指标体现"],
            ["第二章第一节 第1段", "建床位", 2, ""],
            ["专栏1 第1条", "新建养老院", 1, ""],
            ["专栏1 第2条", "改造养老院", 1, ""],
            ["第二章第一节 第2段", "培训", 2, ""],
            ["第二章第二节 第1段", "助餐点", 1, ""],
        ],
    ),
    "numbers.csv": (
        ["定位", "序", "原文数字", "由何体现", "不单列的理由"],
        [
            ["第一章第一节 第1段", 1, "2035年", "", "规划末年"],
            ["表1 第1行", 1, "60", "指标 1", ""],
            ["表1 第2行", 1, "30", "指标 2", ""],
            ["第二章第一节 第1段", 1, "60%", "指标 1", ""],
            ["第二章第一节 第1段", 2, "1~2", "", "每年的次数"],
            ["专栏1 第1条", 1, "3", "子项 Z1-1-1", ""],
            ["专栏1 第2条", 1, "一次", "项目 Z1-2", ""],
            ["第二章第一节 第2段", 1, "每百张", "指标 2", "计算基数"],
            ["第二章第二节 第1段", 1, "1.5万", "数据项 D1", ""],
        ],
    ),
    "items.csv": (
        ["代码", "名称", "计量单位", "小数位", "性质", "类别", "最小值", "最大值", "口径",
         "数据来源", "采集方式", "责任单位代码", "排序"],
        [
            ["D1", "助餐人次", "人次", 0, "时期", "数量", 0, "", "", "", "股室填报", "QS-1", 1],
            ["D2", "床位", "张", 0, "时点", "数量", 0, "", "", "", "股室填报", "QS-1", 2],
        ],
    ),
    "indicators.csv": (
        ["代码", "组别", "排序", "表中序号", "名称", "原文单位", "显示单位", "原文目标", "目标值",
         "属性", "类型", "评定规则", "比较", "到期年", "方法", "倍率", "显示小数位", "增速口径",
         "零比零不适用", "差距算法", "条款定位", "口径", "口径属解释", "待核事项", "责任单位代码",
         "分管领导"],
        [
            [1, "主要指标", 1, 1, "护理床位占比", "%", "%", "60", 60, "约束性", "到期达到",
             "到期年评定", "不低于", 2035, "比率", 100, 2, "", "否", "按指标单位", "表1 第1行",
             "床位之比", "否", "", "QS-1", ""],
            [2, "主要指标", 2, 2, "人员数", "", "人", ">30", 30, "预期性", "到期达到",
             "到期年评定", "高于", 2035, "直接取数", "", 0, "", "否", "按指标单位", "表1 第2行",
             "年末人数", "否", "", "QS-1", ""],
        ],
    ),
    "terms.csv": (
        ["指标代码", "部位", "数据项代码", "系数", "滞后年数", "排序"],
        [[1, "分子", "D1", 1, 0, 1], [1, "分母", "D2", 1, 0, 2], [2, "分子", "D2", 1, 0, 1]],
    ),
    "bands.csv": (["指标代码", "规模下限", "最低数量"], []),
    "milestones.csv": (["指标代码", "年度", "年度目标", "依据"], []),
    "stated_values.csv": (["定位", "代码", "年度", "数值", "说明"], []),
    "tasks.csv": (
        ["任务代码", "排序", "类型", "名称", "定位", "承诺程度", "牵头单位代码", "协同单位代码",
         "其他协同部门", "分管领导", "分工待确认", "关联指标", "说明"],
        [
            ["2.1-1", 10, "任务", "建设床位", "第二章第一节 第1段", "须完成", "QS-1", "QS",
             "县卫健局", "", "是", "1", ""],
            ["2.1-2", 20, "任务", "抓好培训", "第二章第一节 第2段", "推进", "QS-1", "", "", "", "是",
             "2", ""],
            ["2.2-1", 30, "任务", "办好助餐", "第二章第二节 第1段", "须完成", "QS", "", "",
             "局长", "否", "", ""],
        ],
    ),
    "measures.csv": (
        ["任务代码", "序", "措施", "动词", "承诺程度", "句", "是否有明确结果", "体现的数字", "说明"],
        [
            ["2.1-1", 1, "增加床位", "建", "须完成", "1~2", "否", "", ""],
            ["2.1-1", 2, "检查床位", "检查", "推进", "2", "否", "", ""],
            ["2.1-2", 1, "培训人员", "抓", "推进", "1", "否", "", ""],
            ["2.1-2", 2, "按床位配人员", "配齐", "须完成", "2", "是", "", ""],
            ["2.2-1", 1, "建设助餐点", "建", "须完成", "1", "否", "", ""],
        ],
    ),
    "projects.csv": (
        ["项目代码", "排序", "名称", "专栏号", "定位", "类型", "承诺程度", "牵头单位代码",
         "协同单位代码", "其他协同部门", "分管领导", "分工待确认", "关联任务", "关联指标", "关联项目",
         "说明", "待核事项"],
        [
            ["Z1-1", 10, "新建养老院", 1, "专栏1 第1条", "建设类", "须完成", "QS-1", "", "", "", "是",
             "2.1-1", "1", "Z1-2", "", ""],
            ["Z1-2", 20, "改造养老院", 1, "专栏1 第2条", "建设类", "推进", "QS-1", "QS", "", "", "是",
             "2.1-1", "", "", "", "改造哪些没有写"],
        ],
    ),
    "components.csv": (
        ["项目代码", "序", "名称", "承诺程度", "计划数量", "计量单位", "数量说明", "乡镇", "计划开工",
         "计划完工", "句", "体现的数字", "说明"],
        [
            ["Z1-1", 1, "养老院", "须完成", 3, "所", "", "全部", "2032-03", "2034-02", 1, 3, ""],
            ["Z1-2", 1, "改造养老院", "推进", "", "", "没有写几所", "QS-T2", "", "", 1, "一次", ""],
        ],
    ),
}  # fmt: skip
TABLES["numbers.csv"][1][2][2] = ">30"

COVER = ["青山县人民政府文件", "各乡镇人民政府:", f"现将《{TITLE}》印发给你们。", TITLE]
HEADS = ["序号", "指标", "单位", "2035年目标值", "属性"]
ROWS = [["1", "护理床位占比", "%", "60", "约束性"], ["2", "人员数", "", ">30", "预期性"]]
BEFORE_TABLE = [
    "为做好老龄工作,制定本规划。",
    "第一章  总则",
    "第一节 目标",
    "一、总目标",
    "到2035年,老有所养。",
    "表1  主要指标",
]
AFTER_TABLE = [
    "第二章  任务",
    "第一节  养老",
    "建床位。护理床位占比达到60%,每年检查1-2次。",
    "专栏1:设施工程",
    "1.新建养老院3所。",
    "2.对养老院进行一次改造",
    "抓培训。每百张床位配齐人员。",
    "第二节  助餐",
    "建助餐点,服务1.5万人次。",
]


def folder(path: Path, **replaced: object) -> Path:
    """The folder; `clauses=[...]` replaces the rows of clauses.csv, `clauses=None` leaves it out."""
    path.mkdir(exist_ok=True)
    for name, (columns, rows) in TABLES.items():
        given = replaced.get(name.removesuffix(".csv"), rows)
        if given is None:
            (path / name).unlink(missing_ok=True)
        else:
            write_table(path, name, columns, given)
    return path


def rows(name: str, **changes: object) -> list[list[object]]:
    """The rows of a table with one cell changed: rows("plan", 基期年=2036)."""
    copied = [list(row) for row in TABLES[f"{name}.csv"][1]]
    for row in copied:
        if row[0] in changes:
            row[1] = changes[str(row[0])]
    return copied


def txt(*, cover: list[str] = COVER, before=BEFORE_TABLE, cells=None, after=AFTER_TABLE) -> bytes:
    """The document as text: one cell a line, an empty cell prints nothing."""
    if cells is None:
        cells = [*HEADS, *(cell for row in ROWS for cell in row if cell)]
    return "\n\n".join([*cover, *before, *cells, *after]).encode()


def changed(old: str, new: str) -> bytes:
    """The document with one place changed; the place must be there once."""
    text = txt().decode()
    assert text.count(old) == 1, old
    return text.replace(old, new).encode()


def word(*, boxed: bool = False) -> bytes:
    """The document as docx: full-width punctuation, a real table, the box in a frame if asked."""
    document = docx.Document()
    for line in [*COVER, *BEFORE_TABLE]:
        document.add_paragraph(_full_width(line))
    _add_table(document, [HEADS, *ROWS])
    for line in AFTER_TABLE[:3]:
        document.add_paragraph(_full_width(line))
    if boxed:
        _add_table(document, [["\n".join(AFTER_TABLE[3:6])]])
    for line in AFTER_TABLE[6:] if boxed else AFTER_TABLE[3:]:
        document.add_paragraph(_full_width(line))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add_table(document: "docx.document.Document", grid: list[list[str]]) -> None:
    table = document.add_table(rows=len(grid), cols=len(grid[0]))
    for row, cells in zip(table.rows, grid, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text


def _full_width(line: str) -> str:
    return line.translate(str.maketrans({",": "，", ":": "：", "%": "％"}))
