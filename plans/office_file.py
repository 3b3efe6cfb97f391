"""Opens the office's own file (txt or docx) and gives its lines and tables in order.

Every file comes from outside: whatever is wrong with it ends in a `DocumentError` with a Chinese
sentence, never in a traceback."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePath

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph

LARGEST_DOCUMENT = 20_000_000
LARGEST_UNPACKED = 100_000_000

Grid = list[list[str]]
Block = str | Grid


class DocumentError(ValueError):
    """The file is no document of a plan; the message is a Chinese sentence for the office."""


def read_blocks(name: str, content: bytes) -> list[Block]:
    """Lines (stripped, none empty) and tables with more than one column, as they follow."""
    suffix = PurePath(name).suffix.lower()
    if len(content) > LARGEST_DOCUMENT:
        raise DocumentError(f"文件超过 {LARGEST_DOCUMENT // 1_000_000} MB，请检查是否选错了文件。")
    if not content.strip():
        raise DocumentError("文件是空的，请选择规划的正式文本。")
    if suffix == ".docx":
        return _docx_blocks(content)
    if suffix == ".txt":
        return [line.strip() for line in _decoded(content).splitlines() if line.strip()]
    raise DocumentError("只能读取 .docx 和 .txt 文件；旧格式（.doc、.wps）请先另存为 .docx。")


def _decoded(content: bytes) -> str:
    """Chinese offices' text files are UTF-8 or GB 18030; a file with a NUL is no text at all."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise DocumentError("读不出文字：文件不是文本文件，请另存为 UTF-8 编码的 .txt 或 .docx。")


def _docx_blocks(content: bytes) -> list[Block]:
    try:
        _refuse_blown_up(content)
        document = docx.Document(io.BytesIO(content))
        return [block for part in document.iter_inner_content() for block in _part_blocks(part)]
    except DocumentError:
        raise
    except Exception as error:  # a broken docx fails in the zip, XML or python-docx layer alike
        raise DocumentError("打不开：文件不是 Word 文档（.docx）或已损坏，请重新另存。") from error


def _refuse_blown_up(content: bytes) -> None:
    """A small packed file may unpack to many times its size."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > LARGEST_UNPACKED:
            raise DocumentError("文件展开后过大，请检查是否选错了文件。")


def _part_blocks(part: Paragraph | Table) -> Iterator[Block]:
    return _lines(part) if isinstance(part, Paragraph) else _table_blocks(part)


def _lines(paragraph: Paragraph) -> Iterator[str]:
    style = (paragraph.style.name or "").lower() if paragraph.style else ""
    if style.startswith(("toc", "目录")):
        return
    yield from (line.strip() for line in paragraph.text.splitlines() if line.strip())


def _table_blocks(table: Table) -> Iterator[Block]:
    """A table of one column is a frame round text, as boxes are often printed."""
    if len(table.columns) > 1:
        yield [["".join(cell.text.split()) for cell in row.cells] for row in table.rows]
        return
    for row in table.rows:
        for paragraph in row.cells[0].paragraphs:
            yield from _lines(paragraph)
