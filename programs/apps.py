from django.apps import AppConfig
from django.utils.module_loading import import_string


class ProgramsConfig(AppConfig):
    name = "programs"
    verbose_name = "任务与项目"

    def ready(self) -> None:
        """Returns carry progress from now on; by name, for models can be imported only here."""
        register = import_string("indicators.parts.register")
        register(import_string("programs.work_part.WorkPart")())
