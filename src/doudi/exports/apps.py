"""The Django app `exports`."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "doudi.exports"
    label = "exports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the sockets."""
        from doudi.exports import panels, worklist  # noqa: F401
