"""The Django app `keeping`."""

from importlib import import_module

from django.apps import AppConfig


class KeepingConfig(AppConfig):
    name = "doudi.keeping"
    label = "keeping"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fills the sockets of the frame and its own."""
        import_module("doudi.keeping.panels")
        import_module("doudi.keeping.housekeeping")
