"""What is kept, for everybody to read; and the holds, for who may place one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from doudi.accounts.logic.roles import PERMISSIONS
from doudi.audit.access import note_caught
from doudi.audit.actions import record_look
from doudi.core.access import permission, public
from doudi.core.clock import now
from doudi.core.errors import DoudiError
from doudi.keeping.actions import lift_hold, place_hold
from doudi.keeping.forms import HoldForm, LiftForm
from doudi.keeping.logic.rules import told, told_to_residents
from doudi.keeping.queries import holds_visible_to, rules

holders_only = permission("keeping.hold", PERMISSIONS["keeping.hold"])


@public
def kept(request: HttpRequest) -> HttpResponse:
    """In plain words: what is kept, why, for how long, who looks, what one may ask for."""
    return render(request, "keeping/kept.html", told_to_residents(rules(), get_language() or ""))


@holders_only
def holds(request: HttpRequest) -> HttpResponse:
    """The holds of the area, and a form for a new one."""
    actor = request.actor  # type: ignore[attr-defined]
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            place_hold(actor=actor, at=now(), kind=given["kind"], subject=given["subject"], reason=given["reason"])
        except DoudiError as error:
            note_caught(request, error)
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已暂停删除。"))
            return redirect("keeping:holds")
    rows = holds_visible_to(actor)
    record_look(
        actor=actor, verb="keeping.read_holds", subjects=[(row.kind, row.subject) for row, _own in rows], at=now()
    )
    context = {"form": form, "rows": rows, "lines": told(rules(), get_language() or ""), "lift": LiftForm()}
    return render(request, "keeping/holds.html", context)


@holders_only
@require_POST
def lift(request: HttpRequest, hold: UUID) -> HttpResponse:
    """A hold ends."""
    form = LiftForm(request.POST)
    if form.is_valid():
        lift_hold(actor=request.actor, at=now(), hold=hold, reason=form.cleaned_data["reason"])  # type: ignore[attr-defined]
        messages.success(request, _("已解除。到期的信息下次清理时删除。"))
    else:
        messages.error(request, _("请写明理由。"))
    return redirect("keeping:holds")
