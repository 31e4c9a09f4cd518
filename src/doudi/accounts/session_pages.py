"""What a page asks about its session, and the security administrator's list of sessions and locks."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from doudi.accounts.actions import end_session, lift_address_lock, note_seen
from doudi.accounts.logic.roles import PERMISSIONS
from doudi.accounts.models import Account, AccountSession
from doudi.accounts.queries import locked_addresses, open_sessions
from doudi.accounts.sessions import rules, session_of
from doudi.core.access import before_second_factor, permission, public, quiet, signed_in
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.errors import Missing

administrators_only = permission("accounts.administer", PERMISSIONS["accounts.administer"])


@quiet
@public
def session(request: HttpRequest) -> HttpResponse:
    """How long the session lasts, whose it is, and a fresh form token; POST keeps it. Asking alone is no activity."""
    account = request.user
    if not isinstance(account, Account):
        why = getattr(request, "session_ended", "")
        return JsonResponse({"left": 0, "who": "", "why": why})
    held = session_of(request, account)
    assert held is not None
    at = now()
    if request.method == "POST":
        note_seen(held.id, at)
        held.seen_at = at
    left = int(rules().left(held.seen_at, held.started_at, at).total_seconds())
    return JsonResponse({"left": left, "who": str(account.id), "token": get_token(request)})


@before_second_factor
@signed_in
def back(request: HttpRequest) -> HttpResponse:
    """Where a sign-in from a page that had been idle ends: the form waits in the other tab."""
    return render(request, "accounts/back.html")


@administrators_only
def sessions(request: HttpRequest) -> HttpResponse:
    """Who is signed in where, and which addresses are locked."""
    at = now()
    page = Paginator(open_sessions(at - rules().idle), 50).get_page(request.GET.get("page"))
    context = {"page": page, "addresses": locked_addresses(at), "own": request.session.get("account_session")}
    return render(request, "accounts/sessions.html", context)


@require_POST
@administrators_only
def end(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Ends somebody's session; their next request is refused and told why."""
    held = AccountSession.objects.filter(id=session_id).first()
    if held is None:
        raise Missing("accounts.no_such_session", _("没有这次登录。请从登录列表重新打开。"))
    end_session(actor=_actor(request), at=now(), session=held, why="administrator")
    messages.success(request, _("已结束这次登录。"))
    return redirect("accounts:sessions")


@require_POST
@administrators_only
def lift_address(request: HttpRequest) -> HttpResponse:
    """Ends the lock of an address."""
    lift_address_lock(actor=_actor(request), at=now(), address=request.POST.get("address", "")[:45])
    messages.success(request, _("地址的锁定已解除。"))
    return redirect("accounts:sessions")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
