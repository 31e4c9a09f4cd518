"""The list of applications: of the area or one's own, by state, by number."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from doudi.accounts.logic.roles import PERMISSIONS, may
from doudi.areas.queries import names_of
from doudi.audit.actions import record_look
from doudi.cases.lifecycle import STATES
from doudi.cases.logic.term import clock_of
from doudi.cases.models import OUTCOME_LABELS, STATE_LABELS
from doudi.cases.queries.applications import applications, counts_by_state, outcomes_of
from doudi.cases.views.asking import actor_of
from doudi.core.access import permission, reading
from doudi.core.clock import now, today
from doudi.core.holidays import HOLIDAYS
from doudi.lib.identity_number import resembles

LINES_A_PAGE = 25
LONGEST = 40


@permission("cases.read", PERMISSIONS["cases.read"])
@reading
def application_list(request: HttpRequest) -> HttpResponse:
    """Applications, newest first. POST searches by number: an identity number typed there never reaches the address."""
    if request.method == "POST":
        return _search(request)
    actor, day = actor_of(request), today()
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    number, mine = request.GET.get("number", "").replace("\0", "")[:LONGEST], request.GET.get("mine") == "1"
    found = applications(actor, state=state, number=number, mine=mine)
    page = Paginator(found, LINES_A_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    record_look(actor=actor, verb="cases.list", subjects=[("application", row.id) for row in rows], at=now())
    outcomes = outcomes_of([row.id for row in rows])
    areas = names_of(row.area_code for row in rows)
    lines = [
        {
            "row": row,
            "clock": clock_of(row.accepted_on, day, HOLIDAYS),
            "outcome": OUTCOME_LABELS.get(outcomes.get(row.id, ""), ""),
            "area": areas.get(row.area_code, ""),
        }
        for row in rows
    ]
    counts = counts_by_state(actor, mine=mine)
    context = {
        "page": page,
        "lines": lines,
        "states": [(name, STATE_LABELS[name], counts.get(name, 0)) for name in STATES],
        "state": state,
        "number": number,
        "mine": mine,
        "total": sum(counts.values()),
        "may_enter": may(actor.role, "cases.enter"),
    }
    return render(request, "cases/list.html", context)


def _search(request: HttpRequest) -> HttpResponse:
    number = request.POST.get("number", "").strip()[:LONGEST]
    if resembles(number):
        messages.warning(request, _("这里按申请编号找。要按证号找人，请用页面上方的查找框。"))
        return redirect("cases:list")
    asked = {"number": number, "state": request.POST.get("state", ""), "mine": request.POST.get("mine", "")}
    kept = urlencode({name: value for name, value in asked.items() if value})
    return redirect(f"{reverse('cases:list')}?{kept}" if kept else reverse("cases:list"))
