"""What was handed out and what waits: one's own, and for whoever answers, their area's."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from doudi.accounts.access import actor_of, may
from doudi.accounts.logic.roles import PERMISSIONS
from doudi.areas.queries import names_of
from doudi.audit.actions import record_look
from doudi.core.access import permission
from doudi.core.clock import now
from doudi.core.errors import Malformed
from doudi.exports.access import approval_for, approvals_visible_to, handouts_visible_to
from doudi.exports.actions import decide_approval
from doudi.exports.forms import DecideForm
from doudi.exports.models import PURPOSES

A_PAGE = 30
READ = PERMISSIONS["exports.read"]


@permission("exports.read", READ)
def listing(request: HttpRequest) -> HttpResponse:
    """Requests that are open, and the files handed out, newest first."""
    actor = actor_of(request)
    waiting = list(approvals_visible_to(actor).filter(state__in=["waiting", "approved"], until__gt=now())[:A_PAGE])
    page = Paginator(handouts_visible_to(actor), A_PAGE).get_page(request.GET.get("page"))
    record_look(actor=actor, verb="exports.list", subjects=[("handout", row.id) for row in page], at=now())
    names = names_of([*(row.area_code for row in page), *(row.area_code for row in waiting)])
    context = {"waiting": waiting, "page": page, "names": names, "purposes": PURPOSES}
    return render(request, "exports/list.html", context | {"wide": may(actor, "exports.approve")})


@permission("exports.read", READ)
def approval(request: HttpRequest, approval: UUID) -> HttpResponse:
    """One request: what, how many, why; for its asker the file, for another person the answer."""
    return _page(request, approval, DecideForm())


@permission("exports.approve", PERMISSIONS["exports.approve"])
@require_POST
def decide(request: HttpRequest, approval: UUID) -> HttpResponse:
    """Yes or no."""
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _page(request, approval, form)
    agrees = request.POST.get("answer") == "yes"
    try:
        decide_approval(
            actor=actor_of(request), at=now(), approval=approval, agrees=agrees, note=form.cleaned_data["note"]
        )
    except Malformed as error:
        form.add_error("note", str(error.message))
        return _page(request, approval, form)
    messages.success(request, _("已同意，申请人可以取一次。") if agrees else _("已答复不同意。"))
    return redirect("exports:approval", approval)


def _page(request: HttpRequest, approval: UUID, form: DecideForm) -> HttpResponse:
    actor, at = actor_of(request), now()
    found = approval_for(actor, approval)
    own = found.asked_by == actor.account_id
    open_still = at < found.until
    context = {
        "approval": found, "form": form, "purpose": PURPOSES.get(found.purpose, found.purpose),
        "place": names_of([found.area_code]).get(found.area_code, ""), "own": own, "expired": not open_still,
        "may_fetch": own and found.state == "approved" and open_still,
        "may_decide": not own and found.state == "waiting" and open_still and may(actor, "exports.approve"),
    }  # fmt: skip
    return render(request, "exports/approval.html", context, status=422 if form.errors else 200)
