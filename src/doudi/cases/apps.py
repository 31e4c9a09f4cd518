"""The Django app `cases`."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "doudi.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fills the sockets of the frame."""
        from doudi.cases import panels, worklist  # noqa: F401
