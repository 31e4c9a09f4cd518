"""What insight does when something was announced; a job that runs again does nothing twice."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from doudi.core.actor import Actor
from doudi.core.clock import today
from doudi.core.row_context import acting
from doudi.insight.actions import carry_out, reckon_impact


def work_out_simulation(simulation: str, at: str) -> None:
    """`SimulationAsked`: carry it out; one that was broken off goes on where it stopped."""
    with acting(Actor.system()):
        carry_out(actor=Actor.system(), at=datetime.fromisoformat(at), simulation=UUID(simulation))


def work_out_impact(draft_id: str, asked_by: str, at: str) -> None:
    """`ImpactAsked`: simulate the draft; the answer is written down once."""
    with acting(Actor.system()):
        reckon_impact(actor=Actor.system(), at=datetime.fromisoformat(at), draft=draft_id, today=today())
