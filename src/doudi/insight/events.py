"""What `insight` announces."""

from __future__ import annotations

from dataclasses import dataclass

from doudi.core.events import Event


@dataclass(frozen=True, slots=True)
class SimulationAsked(Event):
    """A simulation waits to be carried out."""

    simulation: str
