"""The Django app `registry`."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "doudi.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"
