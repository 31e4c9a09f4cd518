"""The Django app `matching`."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "doudi.matching"
    label = "matching"
    default_auto_field = "django.db.models.BigAutoField"
