"""The reading room: the log for the auditor; looking at it is itself an entry."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.audit.actions import record_look
from doudi.audit.panels import READERS
from doudi.audit.queries import entries
from doudi.core.access import permission
from doudi.core.clock import now


@permission("audit.read", roles=READERS)
def log(request: HttpRequest) -> HttpResponse:
    """Entries, newest first, filtered."""
    asked = {name: request.GET.get(name, "").replace("\0", "").strip()[:80] for name in ("verb", "account_id")}
    chosen = asked | {"day": _day(request.GET.get("day", ""))}
    record_look(actor=request.actor, verb="audit.read_log", subjects=[], at=now())  # type: ignore[attr-defined]
    page = Paginator(entries(**chosen), 50).get_page(request.GET.get("page"))
    return render(request, "audit/log.html", {"page": page, "chosen": chosen})


def _day(text: str) -> str:
    """A day as asked for; nothing when it is no day."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
