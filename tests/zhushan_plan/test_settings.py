"""Production does not start with a setting that would open it, and says which one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
STRONG = "a-key-for-this-test-only-" + "Zx9_" * 10
GOOD = {"SECRET_KEY": STRONG, "ALLOWED_HOSTS": "minzheng.example,192.0.2.10"}

WEAK_KEY = "环境变量 SECRET_KEY 缺失或太弱：请用 make serve 生成，或自行设置 50 个以上随机字符。"
OPEN_HOSTS = "环境变量 ALLOWED_HOSTS 要写明服务器的域名或地址（逗号分隔），不能留空，也不能写 *。"


def run(*command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A process that knows of its surroundings only what is given here."""
    keep = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**keep, "PYTHONUTF8": "1", "VAR_DIR": os.environ["VAR_DIR"], **settings},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def start(**settings: str) -> str:
    """The last line that importing the settings prints: a refusal, or nothing."""
    result = run("-c", "import zhushan_plan.settings", **settings)
    assert (result.returncode == 0) == (result.stderr == "")
    return result.stderr.strip().rpartition("\n")[2].partition(": ")[2]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"SECRET_KEY": ""}, WEAK_KEY),
        ({"SECRET_KEY": "short"}, WEAK_KEY),
        ({"SECRET_KEY": "ab" * 30}, WEAK_KEY),
        ({"SECRET_KEY": "django-insecure-" + STRONG}, WEAK_KEY),
        ({"ALLOWED_HOSTS": ""}, OPEN_HOSTS),
        ({"ALLOWED_HOSTS": "*"}, OPEN_HOSTS),
        ({"ALLOWED_HOSTS": "minzheng.example, *"}, OPEN_HOSTS),
        ({"DEBUG": "1"}, "正式环境不允许 DEBUG=1：出错页面会泄露配置和数据。"),
        (
            {"EMAIL_USE_TLS": "1", "EMAIL_USE_SSL": "1"},
            "环境变量 EMAIL_USE_TLS 和 EMAIL_USE_SSL 只能设一个。",
        ),
        ({"EMAIL_PORT": "smtp"}, "环境变量 EMAIL_PORT 要写数字，现在是“smtp”。"),
        ({"DEBUG": "maybe"}, "环境变量 DEBUG 只能写 1 或 0，现在是“maybe”。"),
        (
            {"MODE": "debug"},
            "环境变量 MODE 只能是 production、sample 或 test，现在是“debug”。",
        ),
    ],
)
def test_production_refuses_a_dangerous_setting(changed, sentence):
    assert start(**{**GOOD, **changed}) == sentence


def test_production_refuses_a_missing_key():
    assert start(ALLOWED_HOSTS=GOOD["ALLOWED_HOSTS"]) == WEAK_KEY


def test_production_starts_with_good_settings():
    assert start(**GOOD) == ""


def test_https_is_on_unless_plain_http_is_asked_for():
    names = "SECURE_SSL_REDIRECT, SESSION_COOKIE_SECURE, CSRF_COOKIE_SECURE, SECURE_HSTS_SECONDS"
    show = f"from zhushan_plan.settings import *; print({names})"
    assert run("-c", show, **GOOD).stdout == "True True True 31536000\n"
    assert run("-c", show, **GOOD, PLAIN_HTTP="1").stdout == "False False False 0\n"


def test_deployment_check_has_no_warning():
    result = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **GOOD)
    assert (result.returncode, result.stderr) == (0, "")
