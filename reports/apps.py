from django.apps import AppConfig
from django.utils.module_loading import import_string


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "监测与评估"

    def ready(self) -> None:
        """Files of 督办 are checked with the evidence of returns; by name, for models can be
        imported only here."""
        keepers = import_string("indicators.evidence.KEEPERS")
        keepers.append(import_string("reports.supervision.files.kept"))
