"""My work, finding a family, and the page of a family."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from doudi.accounts.access import may, may_see
from doudi.accounts.logic.roles import ADMINISTRATORS, PERMISSIONS
from doudi.areas.queries import name_path, names_of
from doudi.audit.actions import record_look
from doudi.core.access import permission, reading, signed_in
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.row_context import LOG_READERS
from doudi.desk.asked import asked, keep
from doudi.desk.forms import SearchForm
from doudi.desk.queries import my_work, untold, words
from doudi.lib.identity_number import resembles
from doudi.registry.access import household_for
from doudi.registry.logic.minors import guarded
from doudi.registry.panels import household_panels
from doudi.registry.queries import household_page
from doudi.registry.queries import search as people_found
from doudi.registry.queries.finding import MOST_HITS

LINES_A_PAGE = 50


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What is due, the most urgent first; for whom works on no cases, what their grant opens."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return render(request, "desk/no_grant.html", status=403)
    if actor.role in ADMINISTRATORS:
        return redirect(f"desk:console_{actor.role.removesuffix('_administrator')}")
    if not may(actor, "desk.work"):
        return render(request, "desk/other_work.html")
    work = my_work(actor, today())
    page = Paginator(work.lines, LINES_A_PAGE).get_page(request.GET.get("page"))
    if work.lines:
        shown = [line.item for line in page]
        subjects = [*(("work", item.key[:80]) for item in shown), *(one for item in shown for one in item.subjects)]
        record_look(actor=actor, verb="desk.my_work", subjects=dict.fromkeys(subjects), at=now())
    return render(request, "desk/home.html", {"work": work, "page": page, "today": today()})


@permission("registry.read", PERMISSIONS["registry.read"])
@reading
def search(request: HttpRequest) -> HttpResponse:
    """POST keeps what was typed and leads to the answer; the address holds a token only."""
    if request.method == "POST":
        form = SearchForm(request.POST)
        if form.is_valid():
            token = keep(request.session, form.cleaned_data["q"])
            return redirect(f"{reverse('desk:search')}?t={token}")
        return render(request, "desk/search.html", {"form": form})
    text = asked(request.session, request.GET.get("t", ""))
    if text is None:
        return render(request, "desk/search.html", {"form": SearchForm(), "forgotten": "t" in request.GET})
    return _answer(request, text)


def _answer(request: HttpRequest, text: str) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    sees = may_see(actor, "minors")
    hits = [guarded(hit, today(), sees) for hit in people_found(text, actor)]
    record_look(actor=actor, verb="desk.search", subjects=[("person", hit.person_id) for hit in hits], at=now())
    names = names_of(hit.area_code for hit in hits)
    rows = [(hit, names.get(hit.area_code, "")) for hit in hits]
    # a number that was typed does not stay on the screen
    shown = "" if resembles(text) else text
    context = {"form": SearchForm(), "asked": True, "text": shown, "rows": rows, "most": MOST_HITS}
    context |= {"may_copy": may(actor, "keeping.copy"), "reads_log": actor.role in LOG_READERS}
    return render(request, "desk/search.html", context)


@permission("registry.read", PERMISSIONS["registry.read"])
def household(request: HttpRequest, household: UUID) -> HttpResponse:
    """Everything the reader may see of one household, from the boxes the apps fill."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = household_for(actor, household)
    record_look(actor=actor, verb="desk.open_household", subjects=[("household", found.id)], at=now())
    on = today()
    page = household_page(found.id, on)
    panels = sorted(household_panels.collect(actor, found.id, on), key=lambda panel: panel.order)
    context = {
        "page": page,
        "labels": [label for label in page.labels if label.to_on is None or label.to_on > on],
        "place": name_path(page.area_code),
        "places": names_of(address.area_code for address in page.addresses),
        "untold": untold(actor, page.area_code, on),
        "words": words(page.area_code, on, get_language() or ""),
        "panels": [panel for panel in panels if not panel.aside],
        "asides": [panel for panel in panels if panel.aside],
        "on": on,
        "reads_log": actor.role in LOG_READERS,
    }
    return render(request, "desk/household.html", context)
