"""The Django app `rulebook`."""

from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "doudi.rulebook"
    label = "rulebook"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the sockets."""
        from doudi.rulebook import panels, worklist  # noqa: F401
