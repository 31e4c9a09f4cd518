"""The Django app `gateway`."""

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "doudi.gateway"
    label = "gateway"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the sockets."""
        from doudi.gateway import housekeeping, panels  # noqa: F401
