"""Which program this is, in one word: pages put together by another one are not current."""

from hashlib import sha256
from pathlib import Path

PARTS = (".py", ".html", ".css", ".js", ".mo")
APART = {"tests", "benchmarks", "docs", "var", "fixtures"}


def fingerprint(root: Path) -> str:
    """Of the program's own files, by name, size and time."""
    folders = (one for one in sorted(root.iterdir()) if one.is_dir() and one.name not in APART)
    visible = (one for one in folders if not one.name.startswith("."))
    files = (file for folder in visible for file in folder.rglob("*") if file.suffix in PARTS)
    told = sorted((str(f.relative_to(root)), *_size_and_time(f)) for f in files)
    return sha256(repr(told).encode()).hexdigest()[:16]


def _size_and_time(file: Path) -> tuple[int, int]:
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns
