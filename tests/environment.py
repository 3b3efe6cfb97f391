"""Loaded before pytest-django reads the settings (`-p tests.environment` in pyproject.toml).

Each session gets a var folder of its own, so two sessions in one tree never share a database;
xdist workers inherit the folder of the session that started them.
"""

import os
import shutil
import tempfile

import pytest

os.environ["MODE"] = "test"
# Playwright's synchronous API runs an event loop in the thread that also uses the ORM.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

_OWNER = "ZHUSHAN_TEST_VAR_DIR"
_created = None
if _OWNER not in os.environ:
    _created = tempfile.mkdtemp(prefix="zhushan-test-")
    os.environ[_OWNER] = _created
os.environ["VAR_DIR"] = os.environ[_OWNER]


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if _created:
        shutil.rmtree(_created, ignore_errors=True)
