"""`make test`: installs the tools the tests need where it may, names what is left out otherwise,
then runs the suite on SQLite and once more on PostgreSQL. `python -m tests.run`"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests import tools

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest", "-q"]
PARALLEL = ["-n", "2"]
ON_POSTGRES = [str(ROOT / "tests" / "with_postgres.sh")]

# Browsers run alone: on two cores they would fight the other tests for time and miss deadlines.
SQLITE_RUNS = [
    ("SQLite：不用浏览器的测试", [*PYTEST, *PARALLEL, "-m", "not browser"]),
    ("SQLite：浏览器测试", [*PYTEST, "-m", "browser"]),
]
POSTGRES_RUN = (
    "PostgreSQL：不用浏览器的测试和浏览器主流程",
    [*ON_POSTGRES, *PYTEST, *PARALLEL, "-m", "not browser or main_path"],
)


def main() -> int:
    install(tools.missing())
    absent = tools.missing()
    for tool in absent:
        say(f"缺少 {tool.name}，不运行：{tool.left_out}。安装：{' '.join(tool.packages)}")
    if absent and tools.all_required():
        say("REQUIRE_ALL=1：以上测试不允许不运行。")
        return 1
    return run_all(passes(absent))


def passes(absent: list[tools.Tool]) -> list[tuple[str, list[str]]]:
    """The pass on PostgreSQL is the last, so its closing line ends the output."""
    names = {tool.name for tool in absent}
    return SQLITE_RUNS if "PostgreSQL" in names else [*SQLITE_RUNS, POSTGRES_RUN]


def run_all(runs: list[tuple[str, list[str]]]) -> int:
    """Every pass runs, also after a failed one: a person wants to see all that is broken."""
    failed = [title for title, command in runs if not run(title, command)]
    for title in failed:
        say(f"未通过：{title}")
    return 1 if failed else 0


def run(title: str, command: list[str]) -> bool:
    say(f"── {title}")
    return subprocess.run(command, cwd=ROOT).returncode == 0


def install(absent: list[tools.Tool]) -> None:
    """Through apt, where that asks nobody for a password."""
    packages = [package for tool in absent for package in tool.packages]
    apt = apt_get()
    if not packages or not apt:
        return
    say(f"正在安装测试所需的程序：{' '.join(packages)}")
    subprocess.run([*apt, "update", "-qq"])
    subprocess.run([*apt, "install", "-y", "-qq", "--no-install-recommends", *packages])


def apt_get() -> list[str]:
    """The command that may install here, or an empty list."""
    if not shutil.which("apt-get"):
        return []
    if os.geteuid() == 0:
        return ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    may = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True)
    if may and may.returncode == 0:
        return ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    return []


def say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
