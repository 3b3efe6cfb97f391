from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import import_string


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = "规划文本"

    def ready(self) -> None:
        """A migration may make a table anew, and its triggers would be gone without a word. The
        state of the data comes with the account. By name, for models can be imported only here."""
        along = import_string("organization.authentication.ALONG")
        along["data_versions"] = import_string("plans.versions.along")()
        pre_migrate.connect(import_string("plans.version_triggers.remove"), sender=self)
        post_migrate.connect(import_string("plans.version_triggers.install"), sender=self)
