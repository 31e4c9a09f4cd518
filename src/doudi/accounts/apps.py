"""The Django app `accounts`."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "doudi.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the sockets, hear of sign-ins; start only with a policy that speaks of what the program knows."""
        from doudi.accounts import consoles, panels, sessions  # noqa: F401
        from doudi.accounts.labels import PERMISSION_LABELS
        from doudi.accounts.logic.reading import known_to
        from doudi.accounts.logic.roles import POLICY
        from doudi.accounts.models import ROLE_LABELS

        known_to(POLICY, roles=ROLE_LABELS, permissions=PERMISSION_LABELS)
