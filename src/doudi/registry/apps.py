"""The Django app `registry`."""

from importlib import import_module

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "doudi.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fills the sockets of what is held and of a resident's copy."""
        import_module("doudi.registry.actions.erasing")
        import_module("doudi.registry.copies")
