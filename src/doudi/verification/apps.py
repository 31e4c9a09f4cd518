"""The Django app `verification`."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    name = "doudi.verification"
    label = "verification"
    default_auto_field = "django.db.models.BigAutoField"
