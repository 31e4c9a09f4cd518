"""The Django app `operations`."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "doudi.operations"
    label = "operations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the sockets."""
        from doudi.operations import panels, queries  # noqa: F401
