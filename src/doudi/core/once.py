"""One effect for one intention: a form sent again by a double click, a resend, the back button or a second tab.

Every form carries the instant at which it was shown (`{% csrf_token %}` writes it). A POST is a repeat when the same
account has had an effect (an act went on record) at the same address with the same content after that instant; it is
then answered by a page that says so and leads to the result. Effect and note are one transaction.
Another content, or a form opened after the effect, is another intention and goes its way.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from doudi.core.clock import now
from doudi.core.effects import Effect
from doudi.core.errors import Stale
from doudi.core.models import Submission

View = Callable[..., HttpResponse]
FIELD = "form_shown_at"
"""The hidden field: an instant with its offset (ISO 8601). No long run of digits, which could be read as a number of
somebody's.
"""
NOT_CONTENT = frozenset({FIELD, "csrfmiddlewaretoken"})
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
KEPT = timedelta(days=2)
PATIENCE = 20.0
"""Seconds that the second click waits for the first to finish; a third is told at once."""
_acts: ContextVar[list[Effect] | None] = ContextVar("doudi_acts", default=None)


def repeatable(why: str) -> Callable[[View], View]:
    """For views whose repetition does no harm, `why`: a search, a switch that says its end, a download on record.

    Stands below `@permission` and its like.
    """

    def mark(view: View) -> View:
        view.doudi_repeatable = why  # type: ignore[attr-defined]
        return view

    return mark


def acted() -> None:
    """Said by whatever writes an act down: this request has had an effect, whatever it answers, unless what was
    written is rolled back.
    """
    acts = _acts.get()
    if acts is not None:
        acts.append(Effect())


def shown_at() -> str:
    """What a form shown now carries."""
    return now().astimezone(UTC).isoformat(timespec="microseconds")


def once(view: View) -> View:
    """The view, so that the same submission of a signed-in account has one effect."""
    if getattr(view, "doudi_repeatable", ""):
        return view

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in CHANGING or not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return _one_effect(request, lambda: view(request, *args, **kwargs))

    guarded.doudi_once = True  # type: ignore[attr-defined]
    return guarded


def _one_effect(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    digest = _digest(request)
    with transaction.atomic():
        _wait_for_the_first(digest)
        before = _done_since(digest, _shown(request))
        if before is not None:
            return render(request, "doudi/done_already.html", {"before": before})
        acts: list[Effect] = []
        token = _acts.set(acts)
        try:
            response = act()
        finally:
            _acts.reset(token)
        if any(one.stands for one in acts):
            _note(digest, response.headers.get("Location", ""), now())
        return response


def _digest(request: HttpRequest) -> bytes:
    """Who, where and what, under the house's key: form data must not be guessable from it."""
    parts = [str(request.user.pk), str(request.method), request.get_full_path()]
    for name in sorted(set(request.POST) - NOT_CONTENT):
        parts += [name, *request.POST.getlist(name), "\x1e"]
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            inner = salted_hmac("doudi.core.once.file", str(file.size), algorithm="sha256")
            for piece in file.chunks():
                inner.update(piece)
            file.seek(0)
            parts += [name, str(file.name), inner.hexdigest()]
    return salted_hmac(
        "doudi.core.once", "\x1f".join(parts).encode("utf-8", "surrogatepass"), algorithm="sha256"
    ).digest()


def _shown(request: HttpRequest) -> datetime | None:
    """When the form was shown; None when it does not say: then nothing is taken for a repeat."""
    text = request.POST.get(FIELD, "")
    try:
        shown = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    return max(shown, now() - KEPT) if shown.tzinfo is not None else None


def _wait_for_the_first(digest: bytes) -> None:
    """The same content comes one after the other: one waits, further ones would hold a thread each. Stale for them at
    once, and for who waits when the first takes too long.
    """
    running, waiting = (int.from_bytes(digest[at : at + 8], signed=True) for at in (0, 8))
    if _locked(running):
        return
    until = time.monotonic() + PATIENCE
    waits = _locked(waiting)
    while waits and time.monotonic() <= until:
        if _locked(running):
            return
        time.sleep(0.05)
    raise Stale("core.still_running", _("您刚才提交的一样的内容还在办理。请稍等片刻，再打开页面看结果。"))


def _locked(key: int) -> bool:
    """Whether a lock could be had, for the rest of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key])
        return bool(cursor.fetchone()[0])


def _done_since(digest: bytes, shown: datetime | None) -> Submission | None:
    if shown is None:
        return None
    return Submission.objects.filter(digest=digest, at__gt=shown).order_by("-at").first()


def _note(digest: bytes, location: str, at: datetime) -> None:
    """What was done, and where its result is; notes that nobody can need are dropped."""
    here = location if location.startswith("/") and not location.startswith("//") and len(location) <= 500 else ""
    Submission.objects.filter(at__lt=at - KEPT).delete()
    Submission.objects.create(digest=digest, at=at, location=here)
