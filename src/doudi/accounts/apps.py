"""The Django app `accounts`."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "doudi.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the sockets."""
        from doudi.accounts import panels  # noqa: F401
