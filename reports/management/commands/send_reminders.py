"""`manage.py send_reminders`: reminds by e-mail who owes something; off without EMAIL_HOST."""

from argparse import ArgumentParser
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.reminders import Reminder, reminders

OFF = "没有设置 EMAIL_HOST，邮件提醒未启用，没有发送任何邮件。"


class Command(BaseCommand):
    help = "给填写了邮箱的填报员、审核员发送待办提醒；没有设置 EMAIL_HOST 时什么也不发。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="只列出要发的邮件，不发送")
        parser.add_argument("--days", type=int, default=7, help="截止日期前几天开始提醒（默认 7）")

    def handle(self, *, dry_run: bool, days: int, **options: Any) -> None:
        if not settings.EMAIL_HOST:
            self.stdout.write(OFF)
            if not dry_run:
                return
        elif not settings.SITE_URL:
            raise CommandError("请设置 SITE_URL（本系统的网址），邮件里要写明到哪里办理。")
        found = list(reminders(timezone.localdate(), days, settings.SITE_URL))
        if dry_run:
            self._show(found)
        else:
            self._send(found)

    def _show(self, found: list[Reminder]) -> None:
        for mail in found:
            self.stdout.write(f"{mail.user}（{mail.user.email}）：{'；'.join(mail.lines)}")
        self.stdout.write(f"共 {len(found)} 封，没有发送。")

    def _send(self, found: list[Reminder]) -> None:
        """One that fails does not keep the others from going out."""
        connection, failed = get_connection(), []
        for mail in found:
            message = EmailMessage(
                mail.subject, mail.text, to=[mail.user.email], connection=connection
            )
            try:
                message.send()
            except (SMTPException, OSError) as error:
                failed.append(f"{mail.user}（{mail.user.email}）：{error}")
        self.stdout.write(f"已发送 {len(found) - len(failed)} 封提醒。")
        if failed:
            raise CommandError(f"有 {len(failed)} 封没有发出：{'；'.join(failed)}")
