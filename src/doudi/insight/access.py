"""Who may see which simulation: loaded and checked against the area of the grant in one call."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Missing
from doudi.insight.models import SimulationRun


def simulations_visible_to(actor: Actor) -> QuerySet[SimulationRun]:
    """Simulations of the actor's area, newest first, without their results."""
    return (
        SimulationRun.objects.filter(place__startswith=actor.area).defer("result", "reform").order_by("-asked_at", "id")
    )


def simulation_for(actor: Actor, simulation: uuid.UUID) -> SimulationRun:
    """A simulation the actor may see; else Missing or Forbidden."""
    found = SimulationRun.objects.filter(pk=simulation).first()
    if found is None:
        raise Missing("insight.no_such_simulation", _("没有这次试算。请从政策模拟页重新打开。"))
    if not actor.covers(found.place):
        raise Forbidden("insight.simulation_elsewhere", _("这次试算不是您辖区的。如需查看，请联系当地。"))
    return found
