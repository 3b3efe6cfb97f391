"""Opens a zip container from outside (workbook, document, OFD) without letting it do harm.

What a container says about itself may be a lie: every member is unpacked with a count before
anything in it is read. Whatever is wrong ends in a `NotAccepted` with a Chinese sentence."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

MEMBERS = 2_000
UNPACKED = 150 * 1024 * 1024
RATIO = 120  # office documents stay below 40
SLACK = 1024 * 1024  # small containers may well shrink more
CHUNK = 256 * 1024

OLE = b"\xd0\xcf\x11\xe0"  # the old format, and the wrapping of what has a password
ZIP = b"PK\x03\x04"
MACRO_PARTS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|macrosheets/)", re.IGNORECASE)
XML_PARTS = (".xml", ".rels", ".vml")
# A DTD defines entities, and entities grow; no office program writes one.
DTD = (b"<!DOCTYPE", b"<!ENTITY")


class NotAccepted(Exception):
    """The file is refused; the message is a Chinese sentence for the person at the desk."""


@contextmanager
def opened(
    name: str,
    content: bytes,
    *,
    instead: str = "",
    unpacked: int = UNPACKED,
    without_dtd: bool = False,
) -> Iterator[zipfile.ZipFile]:
    """The container, unpacked once with a count of at most `unpacked` bytes. `instead`: what
    else the person may do (“或导出为 PDF”). Raises NotAccepted, also for what is read inside."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _refuse_odd_members(name, packed, instead)
            allowed = min(unpacked, len(content) * RATIO + SLACK)
            _unpack_counting(name, packed, allowed, instead, without_dtd)
            yield packed
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,  # zipfile's word for a method of packing it does not know
        ValueError,
    ) as error:
        raise NotAccepted(f"“{name}”已损坏，打不开；请用原来的文件上传。") from error


def refuse_old(name: str, content: bytes) -> None:
    if content.startswith(OLE):
        raise NotAccepted(f"“{name}”是加密的或旧格式的 Office 文件，请去掉密码并另存为新格式。")


def content_types(name: str, packed: zipfile.ZipFile, instead: str = "") -> bytes:
    """What the parts of an office document are; b"" where it is none. Refuses macros."""
    if "[Content_Types].xml" not in packed.namelist():
        return b""
    with packed.open("[Content_Types].xml") as part:
        types = part.read(CHUNK)
    if b"macroenabled" in types.lower():
        raise NotAccepted(_macro(name, instead))
    return types


def _macro(name: str, instead: str) -> str:
    return f"“{name}”含有宏，不能上传；请另存为不含宏的文件{instead}。"


def _refuse_odd_members(name: str, packed: zipfile.ZipFile, instead: str) -> None:
    """Everything that no office program writes."""
    members = packed.infolist()
    paths = [member.filename for member in members]
    odd = f"“{name}”的内部结构不正常，不能上传；请用办公软件另存后再试。"
    if len(members) > MEMBERS or len(set(paths)) < len(paths):
        raise NotAccepted(odd)
    if any(member.flag_bits & 1 for member in members):
        raise NotAccepted(f"“{name}”设有密码，请去掉密码后再上传。")
    plain = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if any(member.compress_type not in plain for member in members) or any(map(_leads_out, paths)):
        raise NotAccepted(odd)
    if any(MACRO_PARTS.search(path) for path in paths):
        raise NotAccepted(_macro(name, instead))


def _leads_out(path: str) -> bool:
    return path.startswith(("/", "\\")) or ":" in path or ".." in re.split(r"[/\\]", path)


def _unpack_counting(
    name: str, packed: zipfile.ZipFile, allowed: int, instead: str, without_dtd: bool
) -> None:
    unpacked = 0
    for member in packed.infolist():
        is_xml = without_dtd and member.filename.lower().endswith(XML_PARTS)
        tail = b""
        with packed.open(member) as part:
            while chunk := part.read(CHUNK):
                unpacked += len(chunk)
                if unpacked > allowed:
                    raise NotAccepted(f"“{name}”展开后过大，不能上传；请检查文件{instead}。")
                tail = _refuse_dtd(name, tail + chunk) if is_xml else b""


def _refuse_dtd(name: str, chunk: bytes) -> bytes:
    """Also in UTF-16, where every other byte is a zero. Returns the end, for the next chunk."""
    plain = chunk.replace(b"\0", b"")
    if any(mark in plain for mark in DTD):
        raise NotAccepted(f"“{name}”的内部结构不正常，不能上传；请用办公软件另存后再试。")
    return chunk[-32:]
