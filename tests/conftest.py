"""How browsers are started, and which tests are left out where a tool is missing."""

import pytest
from django.db import connection

from tests import tools

pytest_plugins = ["tests.cast"]

CHROMIUM_ARGS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {
        **browser_type_launch_args,
        "executable_path": tools.chromium(),
        "args": CHROMIUM_ARGS,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for mark in tools.MARKS:
        _leave_out([item for item in items if item.get_closest_marker(mark)], mark)
    if connection.vendor != "postgresql":
        _deselect_postgres(config, items)


def _leave_out(items: list[pytest.Item], mark: str) -> None:
    reason = tools.reason_to_leave_out(mark) if items else None
    if reason and tools.all_required():
        raise pytest.UsageError(f"REQUIRE_ALL=1，不允许跳过 {mark} 测试，但{reason}。")
    for item in items if reason else []:
        item.add_marker(pytest.mark.skip(reason=reason))


def _deselect_postgres(config: pytest.Config, items: list[pytest.Item]) -> None:
    """They belong to the second pass, which `make test` runs or names as left out."""
    left = [item for item in items if item.get_closest_marker("postgres")]
    items[:] = [item for item in items if item not in left]
    config.hook.pytest_deselected(items=left)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where nothing may be left out, any skipped test fails the run, whatever its reason."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if tools.all_required() and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
