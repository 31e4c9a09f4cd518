"""Whether the house is well: the shape of one part's state, and the socket that apps fill with theirs."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from doudi.core.sockets import Socket


@dataclass(frozen=True, slots=True)
class PartState:
    """One part: a stable name, its words, its level (ok, warn, bad), a figure with its unit, what to do about it.

    Nothing here speaks of a person: machines read it without signing in.
    """

    name: str
    label: str | Promise
    level: str
    figure: float | None = None
    unit: str | Promise = ""
    advice: str | Promise = ""


health: Socket[PartState] = Socket("health")
"""Fillers take (at): this instant, UTC. What does not answer is reported as bad, never raised."""
