"""The diligence sheet of an application, on screen and for the printer."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.accounts.access import about
from doudi.accounts.logic.roles import PERMISSIONS
from doudi.cases.access import application_for
from doudi.cases.queries.diligence import diligence_of
from doudi.cases.queries.pages import application_page
from doudi.cases.views.application import looked
from doudi.cases.views.asking import actor_of, language
from doudi.core.access import permission
from doudi.core.clock import today


@permission("cases.read", PERMISSIONS["cases.read"])
def diligence(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """What was checked, when, by whom, with which answer."""
    actor = actor_of(request)
    found = application_for(actor, application_id)
    looked(request, found, "cases.open_diligence")
    actor = about(request, found.household_id)
    page = application_page(found, actor, today(), language())
    return render(request, "cases/diligence.html", {"page": page, "sheet": diligence_of(found, language())})
