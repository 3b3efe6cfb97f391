"""The first account of a new installation, chosen by the person who installs it."""

import os
import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from organization.authentication import spelled
from organization.models import Role, User


class Command(BaseCommand):
    help = "建立第一个系统管理员账号；已有系统管理员时什么都不做。"

    def handle(self, *args: Any, **options: Any) -> None:
        if any(user.has_role(Role.SYSADMIN) for user in User.objects.all()):
            return
        username = spelled(self._ask("ADMIN_USERNAME", "系统管理员账号："))
        name = self._ask("ADMIN_NAME", "姓名：")
        user = User(username=username, name=name, roles=[Role.SYSADMIN.value])
        user.set_password(self._password(user))
        try:
            user.full_clean()
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        user._change_reason = "首个系统管理员"
        user.save()
        self.stdout.write(f"已建立系统管理员账号“{username}”。")

    def _ask(self, variable: str, prompt: str) -> str:
        answer = os.environ.get(variable, "").strip()
        if not answer and sys.stdin.isatty():
            answer = input(prompt).strip()
        if not answer:
            raise CommandError(f"没有终端可以询问，请设置环境变量 {variable}。")
        return answer

    def _password(self, user: User) -> str:
        """Asks until the password is good enough; from the environment it must be at once."""
        given = os.environ.get("ADMIN_PASSWORD", "")
        while True:
            password = given or self._typed_twice()
            try:
                validate_password(password, user)
            except ValidationError as error:
                if given or not sys.stdin.isatty():
                    raise CommandError("；".join(error.messages)) from error
                self.stderr.write("；".join(error.messages))
                continue
            return password

    def _typed_twice(self) -> str:
        if not sys.stdin.isatty():
            raise CommandError("没有终端可以询问，请设置环境变量 ADMIN_PASSWORD。")
        password = getpass("密码（至少 10 位）：")
        if password != getpass("再输一次："):
            self.stderr.write("两次输入不一致，请重新输入。")
            return self._typed_twice()
        return password
