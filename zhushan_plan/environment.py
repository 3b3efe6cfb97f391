"""Settings come from the environment only; a wrong one stops the start with a sentence."""

import os

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    word = text(name, "1" if default else "0").lower()
    if word in TRUE | FALSE:
        return word in TRUE
    raise ImproperlyConfigured(f"环境变量 {name} 只能写 1 或 0，现在是“{word}”。")


def number(name: str, default: int) -> int:
    word = text(name) or str(default)
    if word.isascii() and word.isdigit():
        return int(word)
    raise ImproperlyConfigured(f"环境变量 {name} 要写数字，现在是“{word}”。")


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def strong_secret(name: str) -> str:
    """The key that signs sessions: 50 characters or more, not Django's sample key."""
    key = text(name)
    if len(key) < 50 or len(set(key)) < 5 or key.startswith("django-insecure-"):
        raise ImproperlyConfigured(
            f"环境变量 {name} 缺失或太弱：请用 make serve 生成，或自行设置 50 个以上随机字符。"
        )
    return key


def strict_hosts(name: str) -> list[str]:
    hosts = words(name)
    if not hosts or any(host == "*" for host in hosts):
        raise ImproperlyConfigured(
            f"环境变量 {name} 要写明服务器的域名或地址（逗号分隔），不能留空，也不能写 *。"
        )
    return hosts
