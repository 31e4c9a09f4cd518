"""The Django app `core`."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class CoreConfig(AppConfig):
    name = "doudi.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The check of row-level security; it needs the models, so it is not imported before."""
        from doudi.core.row_walls import check_walls

        register(check_walls, Tags.database)
