"""The Django app `cases`."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "doudi.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
