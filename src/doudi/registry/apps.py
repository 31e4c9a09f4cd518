"""The Django app `registry`."""

from importlib import import_module

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "doudi.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fills the sockets of what is held, of a resident's copy and of the household page."""
        import_module("doudi.registry.actions.erasing")
        import_module("doudi.registry.copies")
        import_module("doudi.registry.panels")
