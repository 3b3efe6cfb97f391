from importlib import import_module

from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "organization"
    verbose_name = "单位与账号"

    def ready(self) -> None:
        """Connects the log-in records; models cannot be imported before this moment."""
        import_module("organization.logins")
