"""The Django app `cases`."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "doudi.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fills the sockets of the frame, of what is erased and of a resident's copy."""
        from doudi.cases import copies, panels, worklist  # noqa: F401
        from doudi.cases.actions import erasing  # noqa: F401
