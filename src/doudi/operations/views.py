"""The state of the house: for machines without a name, for the system administrator with what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from doudi.core.access import permission, public
from doudi.core.clock import now
from doudi.operations.logic.levels import BAD, worst
from doudi.operations.panels import KEEPERS
from doudi.operations.remembered import recent_states


@public
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Levels by part, no figures and nothing of anybody; 503 when a part is broken."""
    parts = {state.name: state.level for state in recent_states(now())}
    whole = worst(list(parts.values()))
    return JsonResponse({"status": whole, "parts": parts}, status=503 if whole == BAD else 200)


@permission("operations.read", roles=KEEPERS)
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Every part with its figure and what to do about it."""
    found = recent_states(now())
    context = {"states": found, "whole": worst([one.level for one in found]), "at": now()}
    return render(request, "operations/state.html", context)
