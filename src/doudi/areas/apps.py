"""The Django app `areas`."""

from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "doudi.areas"
    label = "areas"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the sockets."""
        from doudi.areas import panels  # noqa: F401
