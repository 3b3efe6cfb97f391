"""Small files of every kind that is taken as evidence, and of kinds that must not be."""

import io
import zipfile

import docx
import openpyxl
from PIL import Image

TYPES = "application/vnd.openxmlformats-officedocument"


def pdf(words: bytes = b"one page") -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%"
        + words
        + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def image(kind: str, size: tuple[int, int] = (600, 200), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind, **options)
    return out.getvalue()


def png() -> bytes:
    return image("PNG")


def jpg() -> bytes:
    return image("JPEG")


def office_docx() -> bytes:
    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("检查记录")
    document.save(out)
    return out.getvalue()


def office_xlsx() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as container:
        for name, content in members.items():
            container.writestr(name, content)
    return out.getvalue()


def ofd() -> bytes:
    return packed({"OFD.xml": b"<ofd:OFD/>", "Doc_0/Document.xml": b"<ofd:Document/>"})


def docx_types(main: str = "wordprocessingml.document.main+xml") -> bytes:
    return f'<Types><Override ContentType="{TYPES}.{main}"/></Types>'.encode()


def docx_with(**members: bytes) -> bytes:
    """A docx by its own account, with more in it; `__` stands for `/`."""
    more = {name.replace("__", "/"): content for name, content in members.items()}
    return packed({"[Content_Types].xml": docx_types(), "word/document.xml": b"<w/>"} | more)


def with_vba() -> bytes:
    return packed(
        {
            "[Content_Types].xml": docx_types(),
            "word/document.xml": b"<w/>",
            "word/vbaProject.bin": b"1",
        }
    )


def docm() -> bytes:
    types = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
    return packed({"[Content_Types].xml": types, "word/document.xml": b"<w/>"})


def macro_sheet() -> bytes:
    types = docx_types("spreadsheetml.sheet.main+xml")
    return packed({"[Content_Types].xml": types, "xl/macrosheets/sheet1.xml": b"<m/>"})


def bomb() -> bytes:
    """60 MB of nothing in 60 kB."""
    return packed({"[Content_Types].xml": docx_types(), "word/document.xml": b" " * 60_000_000})


def lying_bomb() -> bytes:
    """The same, but its list of contents says it is small."""
    content = bytearray(bomb())
    size = (60_000_000).to_bytes(4, "little")
    at = content.rindex(size)
    content[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(content)


def many_members() -> bytes:
    return packed(
        {f"word/{n}.xml": b"" for n in range(2_001)} | {"[Content_Types].xml": docx_types()}
    )


def encrypted() -> bytes:
    content = bytearray(office_docx())
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


GOOD = {
    "检查表.pdf": (pdf, "application/pdf"),
    "检查表.PDF": (pdf, "application/pdf"),
    "检查表.docx": (office_docx, f"{TYPES}.wordprocessingml.document"),
    "台账.xlsx": (office_xlsx, f"{TYPES}.spreadsheetml.sheet"),
    "批复.ofd": (ofd, "application/ofd"),
    "现场.jpg": (jpg, "image/jpeg"),
    "现场.jpeg": (jpg, "image/jpeg"),
    "现场.png": (png, "image/png"),
}
