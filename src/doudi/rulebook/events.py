"""What `rulebook` announces."""

from __future__ import annotations

from dataclasses import dataclass

from doudi.core.events import Event


@dataclass(frozen=True, slots=True)
class ImpactAsked(Event):
    """Somebody wants to know what a draft would change. The answer comes back through `actions.record_impact`."""

    draft_id: str
    asked_by: str
