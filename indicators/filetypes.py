"""Which files are taken as evidence: told by their content, never by their name alone.

Pure: a name and bytes in, a kind or a sentence out. What comes in is hostile until proven dull,
so containers are unpacked with a count (`exchange/container.py`), and nothing in them is parsed."""

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from exchange import container
from exchange.container import NotAccepted

LARGEST = 20 * 1024 * 1024
LONGEST_NAME = 120
INSTEAD = "或导出为 PDF"


@dataclass(frozen=True)
class FileKind:
    name: str
    content_type: str
    extensions: frozenset[str]


def _kind(name: str, content_type: str, *extensions: str) -> FileKind:
    return FileKind(name, content_type, frozenset(extensions or (name,)))


OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = _kind("pdf", "application/pdf")
DOCX = _kind("docx", f"{OFFICE}.wordprocessingml.document")
XLSX = _kind("xlsx", f"{OFFICE}.spreadsheetml.sheet")
OFD = _kind("ofd", "application/ofd")
JPG = _kind("jpg", "image/jpeg", "jpg", "jpeg")
PNG = _kind("png", "image/png")
KINDS = (PDF, DOCX, XLSX, OFD, JPG, PNG)
ALLOWED = "pdf、docx、xlsx、ofd、jpg、png"
EXTENSIONS = frozenset().union(*(kind.extensions for kind in KINDS))

MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": DOCX,
    b"spreadsheetml.sheet.main+xml": XLSX,
}


def accept(name: str, content: bytes) -> FileKind:
    """What the file is. Raises NotAccepted."""
    extension = PurePosixPath(name).suffix.removeprefix(".").lower()
    if extension not in EXTENSIONS:
        raise NotAccepted(
            f"只收 {ALLOWED} 文件，现为“{name}”；请转换格式（例如导出为 PDF）后再上传。"
        )
    if not content:
        raise NotAccepted(f"“{name}”是空文件，请检查是否选错了文件。")
    if len(content) > LARGEST:
        raise NotAccepted(f"“{name}”超过 {LARGEST >> 20} MB，请压缩扫描件或分成几个文件。")
    kind = _kind_of(name, content)
    if extension not in kind.extensions:
        raise NotAccepted(f"“{name}”的内容是 {kind.name}，与扩展名不符；请用原来的文件上传。")
    return kind


def _kind_of(name: str, content: bytes) -> FileKind:
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPG
    if content.startswith(container.ZIP):
        return _container_kind(name, content)
    container.refuse_old(name, content)
    raise NotAccepted(f"“{name}”的内容不是 {ALLOWED} 中的任何一种，或文件已损坏；请核对原件。")


# --- containers: docx, xlsx and ofd are zip files --------------------------------------------


def _container_kind(name: str, content: bytes) -> FileKind:
    with container.opened(name, content, instead=INSTEAD) as packed:
        return _office_kind(name, packed)


def _office_kind(name: str, packed: zipfile.ZipFile) -> FileKind:
    if "OFD.xml" in packed.namelist():
        return OFD
    types = container.content_types(name, packed, INSTEAD)
    for main, kind in MAIN_PARTS.items():
        if main in types:
            return kind
    raise NotAccepted(f"“{name}”是压缩包而不是 {ALLOWED}；请把里面的文件逐个上传。")


# --- names -------------------------------------------------------------------------------------


def clean_name(written: str) -> str:
    """The person's own name of the file without folders, control and direction marks; at most 120
    characters, the extension kept."""
    last = re.split(r"[/\\]", written)[-1]
    shown = "".join(c for c in unicodedata.normalize("NFC", last) if _is_printable(c))
    shown = " ".join(shown.split()).lstrip(". ")
    stem, dot, extension = shown.rpartition(".")
    if not dot:
        return shown[:LONGEST_NAME] or "未命名"
    return f"{stem[: LONGEST_NAME - len(extension) - 1].strip() or '未命名'}.{extension}"[
        :LONGEST_NAME
    ]


def _is_printable(char: str) -> bool:
    """Neither control nor format marks: the latter can turn `gpj.exe` round on the screen."""
    return (
        unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"} and char not in '<>:"|?*'
    )
