"""The Django app `sources`."""

from importlib import import_module

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "doudi.sources"
    label = "sources"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fills the sockets."""
        import_module("doudi.sources.panels")
        import_module("doudi.sources.worklist")
