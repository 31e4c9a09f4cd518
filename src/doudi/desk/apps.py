"""The Django app `desk`."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "doudi.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the sockets."""
        from doudi.desk import panels  # noqa: F401
