"""Who may see which simulation: loaded and checked against the area of the grant in one call."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from doudi.core.actor import Actor
from doudi.core.errors import Forbidden
from doudi.insight.models import SimulationRun
from doudi.registry.logic.areas import bounds


def simulations_visible_to(actor: Actor) -> QuerySet[SimulationRun]:
    """Simulations of the actor's area, newest first, without their results."""
    rows = SimulationRun.objects.defer("result", "reform").order_by("-asked_at", "id")
    limits = bounds(actor.area)
    return rows if limits is None else rows.filter(place__gte=limits[0], place__lt=limits[1])


def simulation_for(actor: Actor, simulation: uuid.UUID) -> SimulationRun:
    """A simulation the actor may see; Forbidden alike where there is none and where it is of another area."""
    found = SimulationRun.objects.filter(pk=simulation).first()
    if found is None or not actor.covers(found.place):
        raise Forbidden(
            "insight.simulation_elsewhere",
            _("没有这次试算，或者不是您辖区的。请从政策模拟页重新打开；如需查看别处的试算，请联系当地。"),
        )
    return found
