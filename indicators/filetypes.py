"""Which files are taken as evidence: told by their content, never by their name alone.

Pure: a name and bytes in, a kind or a sentence out. What comes in is hostile until proven dull,
so containers are unpacked with a count, and nothing in them is parsed."""

import io
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

LARGEST = 20 * 1024 * 1024
LONGEST_NAME = 120
MEMBERS = 2_000
UNPACKED = 150 * 1024 * 1024
RATIO = 120  # office documents stay below 40
SLACK = 1024 * 1024  # small containers may well shrink more
CHUNK = 256 * 1024


class NotAccepted(Exception):
    """The file is refused; the message is a Chinese sentence for the person at the desk."""


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

MACRO_PARTS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|macrosheets/)", re.IGNORECASE)
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
    if content.startswith(b"PK\x03\x04"):
        return _container_kind(name, content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotAccepted(f"“{name}”是加密的或旧格式的 Office 文件，请去掉密码并另存为新格式。")
    raise NotAccepted(f"“{name}”的内容不是 {ALLOWED} 中的任何一种，或文件已损坏；请核对原件。")


# --- containers: docx, xlsx and ofd are zip files --------------------------------------------


def _container_kind(name: str, content: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _refuse_odd_members(name, packed)
            _unpack_counting(name, packed, len(content))
            return _office_kind(name, packed)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        ValueError,
    ) as e:
        raise NotAccepted(f"“{name}”已损坏，打不开；请用原来的文件上传。") from e


def _refuse_odd_members(name: str, packed: zipfile.ZipFile) -> None:
    """Everything that no office program writes."""
    members = packed.infolist()
    paths = [member.filename for member in members]
    if len(members) > MEMBERS or len(set(paths)) < len(paths):
        raise NotAccepted(f"“{name}”的内部结构不正常，不能上传；请用办公软件另存后再试。")
    if any(member.flag_bits & 1 for member in members):
        raise NotAccepted(f"“{name}”设有密码，请去掉密码后再上传。")
    plain = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if any(member.compress_type not in plain for member in members) or any(map(_leads_out, paths)):
        raise NotAccepted(f"“{name}”的内部结构不正常，不能上传；请用办公软件另存后再试。")
    if any(MACRO_PARTS.search(path) for path in paths):
        raise NotAccepted(f"“{name}”含有宏，不能上传；请另存为不含宏的文件或导出为 PDF。")


def _leads_out(path: str) -> bool:
    return path.startswith(("/", "\\")) or ":" in path or ".." in re.split(r"[/\\]", path)


def _unpack_counting(name: str, packed: zipfile.ZipFile, size: int) -> None:
    """What a container says about its size may be a lie: count what really comes out."""
    allowed = min(UNPACKED, size * RATIO + SLACK)
    unpacked = 0
    for member in packed.infolist():
        with packed.open(member) as part:
            while chunk := part.read(CHUNK):
                unpacked += len(chunk)
                if unpacked > allowed:
                    raise NotAccepted(f"“{name}”展开后过大，不能上传；请检查文件或导出为 PDF。")


def _office_kind(name: str, packed: zipfile.ZipFile) -> FileKind:
    paths = set(packed.namelist())
    if "OFD.xml" in paths:
        return OFD
    types = b""
    if "[Content_Types].xml" in paths:
        with packed.open("[Content_Types].xml") as part:
            types = part.read(CHUNK)
    if b"macroenabled" in types.lower():
        raise NotAccepted(f"“{name}”含有宏，不能上传；请另存为不含宏的文件或导出为 PDF。")
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
