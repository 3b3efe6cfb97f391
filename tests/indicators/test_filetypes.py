"""What is taken as evidence: told by content, and no container gets to do harm."""

import time
import zipfile

import pytest

from indicators import filetypes
from indicators.filetypes import NotAccepted, accept, clean_name
from tests.indicators import sample_files as files


@pytest.mark.parametrize("name", files.GOOD)
def test_each_allowed_kind_is_recognised_by_its_content(name: str) -> None:
    build, content_type = files.GOOD[name]
    assert accept(name, build()).content_type == content_type


NOT_OURS = (
    "只收 pdf、docx、xlsx、ofd、jpg、png 文件，现为“{}”；请转换格式（例如导出为 PDF）后再上传。"
)
UNKNOWN = "“{}”的内容不是 pdf、docx、xlsx、ofd、jpg、png 中的任何一种，或文件已损坏；请核对原件。"
ODD = "“{}”的内部结构不正常，不能上传；请用办公软件另存后再试。"
MACRO = "“{}”含有宏，不能上传；请另存为不含宏的文件或导出为 PDF。"
BLOWN = "“{}”展开后过大，不能上传；请检查文件或导出为 PDF。"
BROKEN = "“{}”已损坏，打不开；请用原来的文件上传。"

BAD = [
    ("a.exe", lambda: b"MZ", NOT_OURS),
    ("a.svg", lambda: b"<svg/>", NOT_OURS),
    ("a.html", lambda: b"<html>", NOT_OURS),
    ("a.docm", files.docm, NOT_OURS),
    ("a.zip", files.ofd, NOT_OURS),
    ("a", files.pdf, NOT_OURS),
    ("a.pdf.exe", files.pdf, NOT_OURS),
    ("a.pdf", lambda: b"MZ\x90\0 This program cannot be run in DOS mode", UNKNOWN),
    ("a.pdf", lambda: b"<html>%PDF-1.4 %%EOF", UNKNOWN),
    ("a.pdf", lambda: b"%PDF-1.4 cut off", UNKNOWN),
    ("a.png", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', UNKNOWN),
    ("a.jpg", lambda: b"GIF89a", UNKNOWN),
    ("a.docx", files.docm, MACRO),
    ("a.docx", files.with_vba, MACRO),
    ("a.xlsx", files.macro_sheet, MACRO),
    ("a.docx", files.bomb, BLOWN),
    ("a.docx", files.lying_bomb, BROKEN),
    ("a.docx", files.many_members, ODD),
    ("a.docx", lambda: files.packed({"../etc/passwd": b"x"}), ODD),
    ("a.docx", lambda: files.packed({"/etc/passwd": b"x"}), ODD),
    ("a.docx", lambda: files.packed({"OFD.xml": b"x"}, zipfile.ZIP_BZIP2), ODD),
    ("a.docx", files.encrypted, "“{}”设有密码，请去掉密码后再上传。"),
    ("a.docx", lambda: files.office_docx()[:-400], BROKEN),
    (
        "a.docx",
        lambda: files.packed({"list.txt": b"x"}),
        "“{}”是压缩包而不是 pdf、docx、xlsx、ofd、jpg、png；请把里面的文件逐个上传。",
    ),
    (
        "a.xlsx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "“{}”是加密的或旧格式的 Office 文件，请去掉密码并另存为新格式。",
    ),
    ("a.pdf", files.png, "“{}”的内容是 png，与扩展名不符；请用原来的文件上传。"),
    ("a.xlsx", files.office_docx, "“{}”的内容是 docx，与扩展名不符；请用原来的文件上传。"),
    ("a.pdf", lambda: b"", "“{}”是空文件，请检查是否选错了文件。"),
    (
        "a.pdf",
        lambda: files.pdf(b"x" * (21 << 20)),
        "“{}”超过 20 MB，请压缩扫描件或分成几个文件。",
    ),
]


@pytest.mark.parametrize(("name", "build", "sentence"), BAD)
def test_everything_else_is_refused_with_a_sentence(name: str, build, sentence: str) -> None:
    content = build()
    began = time.monotonic()
    with pytest.raises(NotAccepted) as refused:
        accept(name, content)
    assert str(refused.value) == sentence.format(name)
    assert time.monotonic() - began < 2


def test_twenty_megabytes_are_taken() -> None:
    content = files.pdf(b"x" * ((20 << 20) - len(files.pdf(b""))))
    assert len(content) == filetypes.LARGEST
    assert accept("a.pdf", content) is filetypes.PDF


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("检查表.pdf", "检查表.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\文件\\检查 表.pdf", "检查 表.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("\u202egpj.exe", "gpj.exe"),
        ("  ..隐藏.pdf", "隐藏.pdf"),
        ('<b>"x".pdf', "bx.pdf"),
        ("长" * 200 + ".docx", "长" * 115 + ".docx"),
        ("长" * 200, "长" * 120),
        ("", "未命名"),
        ("/.pdf", "pdf"),
        ("<>.pdf", "pdf"),
    ],
)
def test_names_are_cleaned(written: str, cleaned: str) -> None:
    assert clean_name(written) == cleaned
