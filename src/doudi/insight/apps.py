"""The Django app `insight`."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "doudi.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the sockets and subscribe."""
        from doudi.core.events import subscribe
        from doudi.insight import panels  # noqa: F401
        from doudi.insight.events import SimulationAsked
        from doudi.rulebook.events import ImpactAsked

        subscribe(SimulationAsked, "doudi.insight.subscribers.work_out_simulation")
        subscribe(ImpactAsked, "doudi.insight.subscribers.work_out_impact")
