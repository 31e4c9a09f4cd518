"""The Django app `documents`."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "doudi.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
