"""The Django app `core`."""

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register
from django.core.exceptions import ImproperlyConfigured


class CoreConfig(AppConfig):
    name = "doudi.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the sockets; the check of row-level security, which needs the models, so it is not imported before. Nor
        does a house start that would show its errors to everybody, whoever changed the setting.
        """
        from doudi.core import running  # noqa: F401
        from doudi.core.row_walls import check_walls

        register(check_walls, Tags.database)
        if settings.DEBUG:
            raise ImproperlyConfigured("DEBUG is on. Error pages would show personal data; the house does not start.")
