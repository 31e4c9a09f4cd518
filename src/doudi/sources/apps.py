"""The Django app `sources`."""

from importlib import import_module
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


class SourcesConfig(AppConfig):
    name = "doudi.sources"
    label = "sources"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fills the sockets; makes the folder that files handed in are first written to."""
        Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True, mode=0o700)
        import_module("doudi.sources.panels")
        import_module("doudi.sources.worklist")
        import_module("doudi.sources.actions.resealing")
        import_module("doudi.sources.actions.erasing")
