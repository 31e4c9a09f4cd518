"""The Django app `exchange`."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "doudi.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the sockets."""
        from doudi.exchange import panels  # noqa: F401
