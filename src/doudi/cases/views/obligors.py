"""The pages on which the family's obligors are written down: who owes whom support, one by one, or that nobody does."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from doudi.accounts.logic.roles import PERMISSIONS
from doudi.cases.access import application_for
from doudi.cases.actions import declare_no_obligors, put_obligor, remove_obligor
from doudi.cases.forms import NobodyForm, ObligorForm
from doudi.cases.lifecycle import BEFORE_OPINION
from doudi.cases.logic.obligors import asked_of_obligors
from doudi.cases.models import Application
from doudi.cases.queries.obligors import Obliged, obliged_of
from doudi.cases.views.application import looked
from doudi.cases.views.asking import actor_of, language, posted, rulebook_for
from doudi.core.access import permission
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.errors import Missing
from doudi.registry.logic.obligors import Obligor
from doudi.registry.queries import obligors_said

ENTER = PERMISSIONS["cases.enter"]


@permission("cases.enter", ENTER)
def obligors(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Every member with their obligors; POST says of those ticked that they have none."""
    found = application_for(actor_of(request), application_id)
    people = obliged_of(found, actor_of(request), rulebook_for(found), language())
    open_ones = [one for one in people if not one.obligors and one.state != "nobody"]
    form = NobodyForm(posted(request), open_ones=open_ones)
    if request.method == "POST" and form.is_valid():
        declare_no_obligors(actor=actor_of(request), at=now(), application=found.id, persons=form.chosen())
        messages.success(request, _("已记下没有法定义务人。请重新计算系统建议。"))
        return redirect("cases:obligors", found.id)
    looked(request, found, "cases.open_obligors")
    context = {
        "application": found,
        "people": people,
        "form": form,
        "open_ones": open_ones,
        "may_change": found.state in BEFORE_OPINION,
    }
    return render(request, "cases/obligors.html", context, status=400 if form.errors else 200)


@permission("cases.enter", ENTER)
def obligor(
    request: HttpRequest, application_id: UUID, person_id: UUID, obligor_id: UUID | None = None
) -> HttpResponse:
    """One obligor of a member: a new one, or one to be changed."""
    found = application_for(actor_of(request), application_id)
    rulebook = rulebook_for(found)
    whose = _whose(found, actor_of(request), person_id)
    held = _held(found, person_id, obligor_id) if obligor_id is not None else None
    form = ObligorForm(posted(request), facts=asked_of_obligors(rulebook), held=held, lang=language())
    if request.method == "POST" and form.is_valid():
        put_obligor(
            actor=actor_of(request),
            at=now(),
            application=found.id,
            rulebook=rulebook,
            person=person_id,
            obligor=form.obligor(),
        )
        messages.success(request, _("已保存这位义务人。请重新计算系统建议。"))
        return redirect("cases:obligors", found.id)
    looked(request, found, "cases.open_obligors")
    context = {"application": found, "form": form, "whose": whose, "held": held}
    return render(request, "cases/obligor.html", context, status=400 if form.errors else 200)


@require_POST
@permission("cases.enter", ENTER)
def remove(request: HttpRequest, application_id: UUID, person_id: UUID, obligor_id: UUID) -> HttpResponse:
    """Take one off the list."""
    found = application_for(actor_of(request), application_id)
    remove_obligor(actor=actor_of(request), at=now(), application=found.id, person=person_id, obligor=obligor_id)
    messages.success(request, _("已移除这位义务人。"))
    return redirect("cases:obligors", found.id)


def _whose(found: Application, actor: Actor, person: UUID) -> Obliged:
    """The member; Missing for anybody else, and where the rulebook does not ask."""
    for one in obliged_of(found, actor, rulebook_for(found), language()):
        if one.person == person:
            return one
    raise Missing("cases.obligor_not_asked", _("这里不用登记这个人的义务人。请从申请页重新打开。"))


def _held(found: Application, person: UUID, obligor: UUID) -> Obligor:
    asking = (person, found.number)
    for one in obligors_said([asking], found.applied_on).get(asking) or ():
        if one.id == obligor:
            return one
    raise Missing("cases.no_such_obligor", _("没有这位义务人，可能已经移除。请从申请页重新打开。"))
