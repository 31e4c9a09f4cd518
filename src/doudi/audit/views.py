"""The reading room: the log for the auditor, one entry with its place in the tree. Looking at it is itself an entry."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_look
from doudi.audit.models import Entry
from doudi.audit.panels import READERS
from doudi.audit.queries.anchoring import anchoring
from doudi.audit.queries.entries import entries, subjects_of
from doudi.audit.queries.reasons import reason_said, words_of_reasons
from doudi.audit.queries.tree import inclusion_proof, last_checkpoint, place_of, size
from doudi.audit.queries.words import KINDS, NAMED, act_said, asked_for
from doudi.core.access import no_export, permission
from doudi.core.clock import now
from doudi.core.errors import Missing
from doudi.core.once import repeatable

ASKED = ("verb", "account_id", "outcome", "purpose", "subject")
OUTCOMES = {
    "done": _("办了"),
    "seen": _("看过"),
    "refused": _("被拒绝"),
    "failed": _("没办成"),
}


@permission("audit.read", roles=READERS)
def log(request: HttpRequest) -> HttpResponse:
    """Entries, newest first, filtered; and how the log stands."""
    chosen = {name: request.GET.get(name, "").replace("\0", "").strip()[:80] for name in ASKED}
    chosen |= {"day": _day(request.GET.get("day", "")), "until": _day(request.GET.get("until", ""))}
    record_look(actor=request.actor, verb="audit.read_log", subjects=[], at=now())  # type: ignore[attr-defined]
    page = Paginator(entries(**chosen | asked_for(chosen["verb"])), 50).get_page(request.GET.get("page"))
    known = words_of_reasons()
    context = {
        "page": page,
        "lines": [(one, act_said(one.verb, one.outcome), reason_said(one.reason, known)) for one in page],
        "chosen": chosen,
        "words": NAMED,
        "outcomes": OUTCOMES,
        "size": size(),
        "checkpoint": last_checkpoint(),
        "anchoring": anchoring(),
    }
    return render(request, "audit/log.html", context)


@permission("audit.read", roles=READERS)
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One entry whole, with its place in the tree."""
    found = _entry(request, entry_id, "audit.read_entry")
    known = words_of_reasons()
    context = {
        "entry": found,
        "subjects": subjects_of(found.id),
        "place": place_of(found.id),
        "checkpoint": last_checkpoint(),
        "outcomes": OUTCOMES,
        "kinds": KINDS,
        "did": act_said(found.verb, found.outcome),
        "said": reason_said(found.reason, known),
        "purpose": reason_said(found.purpose, known),
    }
    return render(request, "audit/entry.html", context)


@permission("audit.read", roles=READERS)
@repeatable("a file; each taking of it goes on record")
@no_export("A proof holds digests and opaque ids; nobody's data is in it.")
def proof(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """What proves an entry to anybody, as a file for `verify.py`."""
    found = _entry(request, entry_id, "audit.take_proof")
    proved = inclusion_proof(found.id)
    if proved is None:
        raise Missing("audit.no_proof_yet", _("还没有检查点包括这一条。请一分钟后再试。"))
    response = JsonResponse(proved, json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="proof-{found.id}.json"'
    return response


def _entry(request: HttpRequest, entry_id: UUID, verb: str) -> Entry:
    record_look(actor=request.actor, verb=verb, subjects=[("entry", entry_id)], at=now())  # type: ignore[attr-defined]
    found = Entry.objects.filter(id=entry_id).first()
    if found is None:
        raise Missing("audit.no_such_entry", _("没有这一条痕迹。请从痕迹列表重新打开。"))
    return found


def _day(text: str) -> str:
    """A day as asked for; nothing when it is no day."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
