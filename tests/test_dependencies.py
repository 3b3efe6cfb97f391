"""Versions below these have known weaknesses; the lock files must stay usable without internet."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements.txt", "requirements-dev.txt"]
FLOORS = {"django": "5.2.19", "django-import-export": "4.4.3", "pillow": "12.1.1"}


def text(lock: str) -> str:
    return (ROOT / lock).read_text(encoding="utf-8")


def pinned(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)==([^ ;\\]+)", text(lock), flags=re.MULTILINE))


@pytest.mark.parametrize("package", FLOORS)
def test_version_is_not_below_its_floor(package):
    floor = Version(FLOORS[package])
    assert Version(version(package)) >= floor
    assert all(Version(pinned(lock)[package]) >= floor for lock in LOCKS)


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_file_names_no_address(lock):
    assert "://" not in text(lock)
    assert re.findall(r"^(?:-i|-f|--index|--extra-index|--find-links).*", text(lock), re.M) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash(lock):
    entries = re.split(r"\n(?=[a-z])", text(lock).strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_both_lock_files_pin_the_same_versions():
    production, development = map(pinned, LOCKS)
    assert production == {package: development[package] for package in production}


def test_locks_answer_what_the_project_asks_for():
    project = tomllib.loads(text("pyproject.toml"))["project"]
    asked = map(Requirement, project["dependencies"])
    locked = pinned("requirements.txt")
    assert [str(one) for one in asked if locked.get(one.name) not in one.specifier] == []
