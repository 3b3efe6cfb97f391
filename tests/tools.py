"""The programs some tests need, where they are, and the sentence for a test that has to go
without. Standard library only: `tests/run.py` uses it before anything is installed."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


def chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or _first(names)


def libreoffice() -> str | None:
    return _first(("soffice", "libreoffice"))


def pdftoppm() -> str | None:
    return _first(("pdftoppm",))


def chinese_fonts() -> str | None:
    """The first font with Chinese glyphs; without one, widths and cut cells mean nothing."""
    if not shutil.which("fc-list"):
        return None
    fonts = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True).stdout
    return next(iter(fonts.splitlines()), None)


def initdb() -> str | None:
    """Debian keeps the server's programs of each version out of PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    return _first(("initdb",)) or next((str(path) for path in reversed(installed)), None)


def _first(names: tuple[str, ...]) -> str | None:
    return next((path for path in map(shutil.which, names) if path), None)


def _version(path: Path) -> int:
    name = path.parts[-3]
    return int(name) if name.isdigit() else 0


@dataclass(frozen=True)
class Tool:
    name: str
    find: Callable[[], str | None]
    packages: tuple[str, ...]
    left_out: str


TOOLS = (
    Tool("Chromium", chromium, ("chromium",), "浏览器测试（tests 中标记为 browser 的）"),
    Tool(
        "LibreOffice",
        libreoffice,
        ("libreoffice-calc", "libreoffice-writer"),
        "表格、文档的版面测试（标记为 libreoffice 的）",
    ),
    Tool("pdftoppm", pdftoppm, ("poppler-utils",), "表格、文档的版面测试（标记为 libreoffice 的）"),
    Tool(
        "中文字体",
        chinese_fonts,
        ("fontconfig", "fonts-noto-cjk"),
        "浏览器和版面测试（标记为 browser、libreoffice 的）",
    ),
    Tool(
        "PostgreSQL",
        initdb,
        ("postgresql",),
        "在 PostgreSQL 上的第二遍测试（标记为 postgres 的只在那里运行）",
    ),
)
MARKS = {
    "browser": ("Chromium", "中文字体"),
    "libreoffice": ("LibreOffice", "pdftoppm", "中文字体"),
}


def missing() -> list[Tool]:
    return [tool for tool in TOOLS if not tool.find()]


def reason_to_leave_out(mark: str) -> str | None:
    """Why tests with this mark cannot run here, or None when they can."""
    absent = [tool.name for tool in missing() if tool.name in MARKS[mark]]
    return f"本机没有安装{'、'.join(absent)}" if absent else None


def all_required() -> bool:
    return os.environ.get("REQUIRE_ALL") == "1"
