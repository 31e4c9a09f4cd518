"""The Django app `matching`."""

from importlib import import_module

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "doudi.matching"
    label = "matching"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fills the socket of what is erased."""
        import_module("doudi.matching.actions.erasing")
