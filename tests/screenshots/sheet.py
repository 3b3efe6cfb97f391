"""The contact sheet: all pictures on one page that opens from the disk."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from tests.screenshots.pages import Page

HEAD = """<!DOCTYPE html><html lang="zh-Hans"><meta charset="utf-8"><title>页面图</title><style>
body{font:14px sans-serif;margin:1rem;background:#eee}h2{margin:2rem 0 .5rem}
div{display:flex;gap:1rem;align-items:flex-start;overflow-x:auto}
figure{margin:0;background:#fff;padding:.25rem}img{display:block;height:26rem}
li{color:#a00}</style><h1>页面图</h1>
"""


def write(folder: Path, pages: Iterable[Page], found: Mapping[str, Sequence[str]]) -> Path:
    """`found`: findings by name of a page. Returns the file."""
    file = folder / "index.html"
    parts = [_part(folder, page, found.get(page.name, [])) for page in pages]
    file.write_text(HEAD + "".join(parts), encoding="utf-8")
    return file


def _part(folder: Path, page: Page, found: Sequence[str]) -> str:
    pictures = sorted(folder.glob(f"{page.name}@*.png"), key=lambda file: file.name)
    figures = "".join(
        f"<figure><figcaption>{escape(file.stem.partition('@')[2])}</figcaption>"
        f'<a href="{file.name}"><img loading="lazy" alt="" src="{file.name}"></a></figure>'
        for file in pictures
    )
    told = "".join(f"<li>{escape(sentence)}</li>" for sentence in found)
    heading = f"{page.name} · {page.who} · {page.address}"
    return f"<h2>{escape(heading)}</h2><ul>{told}</ul><div>{figures}</div>\n"
