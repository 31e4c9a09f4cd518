"""The mark on pages that may show somebody's data: who looks and for whom stand in `acting`, when is added here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localtime

from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.exports.logic.marks import shows_people

OPEN_TO_ALL = ("desk:home",)
"""Pages any account may open that list families all the same."""


def marked(request: HttpRequest) -> dict[str, Any]:
    """`watermark`: the minute; nothing on pages without people."""
    actor: Actor | None = getattr(request, "actor", None)
    match = getattr(request, "resolver_match", None)
    if actor is None or match is None:
        return {}
    shown = shows_people(getattr(match.func, "doudi_access", "")) or match.view_name in OPEN_TO_ALL
    return {"watermark": f"{localtime(now()):%Y-%m-%d %H:%M}"} if shown else {}
