"""The Django app `core`."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "doudi.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"
