"""The page on which one of the staff chooses what the rule leaves to a person, and says why."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from doudi.accounts.logic.roles import PERMISSIONS
from doudi.cases.access import application_for
from doudi.cases.actions import choose_discretion
from doudi.cases.forms import DiscretionForm
from doudi.cases.forms.discretion import field_of, named_in
from doudi.cases.logic.discretion import points_of
from doudi.cases.queries.applications import open_assessment
from doudi.cases.queries.discretion import discretion_of
from doudi.cases.queries.pages import application_page
from doudi.cases.views.application import looked
from doudi.cases.views.asking import actor_of, language, posted, rulebook_for
from doudi.core.access import permission
from doudi.core.clock import now, today


@permission("cases.choose", PERMISSIONS["cases.choose"])
def choose(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The points the proposal waits for, and those chosen before: each a list and a reason."""
    actor = actor_of(request)
    found = application_for(actor, application_id)
    rulebook, assessment = rulebook_for(found), open_assessment(application_id)
    standing = discretion_of([found.id]).get(found.id, ())
    page = application_page(found, actor, today(), language())
    names = {line.id: line.name or line.number_masked for line in page.people}
    sent = [(fact, person) for fact, person in named_in(request.POST) if person is None or person in names]
    points = points_of(assessment.missing if assessment else (), rulebook, standing, sent)
    initial: dict[str, str] = {}
    for one in standing:
        place = field_of(one.fact, one.person)
        initial |= {f"choice:{place}": one.choice, f"reason:{place}": one.reason}
    form = DiscretionForm(posted(request), points=points, names=names, lang=language(), initial=initial)
    if request.method == "POST" and form.is_valid():
        choose_discretion(actor=actor, at=now(), application=found.id, rulebook=rulebook, chosen=form.chosen())
        messages.success(request, _("已记下裁量和理由。请重新计算系统建议。"))
        return redirect("cases:application", found.id)
    looked(request, found, "cases.open_application")
    may_calculate = assessment is None and "assess" in page.moves
    context = {"application": found, "form": form, "points": points, "may_calculate": may_calculate}
    return render(request, "cases/discretion.html", context)
