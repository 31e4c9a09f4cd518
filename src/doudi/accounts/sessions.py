"""The session of every request: opened at sign-in, ended by leaving, idling, a newer one or the administrator.

The idle end is kept here, on the server, whatever a browser does. Whose session ended is told why at the sign-in page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import SESSION_KEY as GRANT_KEY
from doudi.accounts.actions import end_session, note_seen, open_session
from doudi.accounts.logic.sessions import NOTED_EVERY, SessionRules, device_kind
from doudi.accounts.models import Account, AccountSession
from doudi.accounts.second_factor import view_of
from doudi.core.actor import Actor
from doudi.core.clock import now

KEY = "account_session"
WHY = {
    "idle": _("太久没有操作，为了安全已经退出。请重新登录。"),
    "long": _("登录已经满一个工作日，为了安全已经退出。请重新登录。"),
    "clock": _("服务器的时钟被调回去了，为了安全已经退出。请重新登录。"),
    "newer": _("您的账号刚在另一台同类设备上登录，这里就退出了。如果不是您本人，请马上告诉安全管理员。"),
    "password": _("密码已更改，请用新密码重新登录。"),
    "administrator": _("安全管理员结束了您的登录。有疑问请向他了解。"),
    "unknown": _("这次登录已经失效，请重新登录。"),
}


def rules() -> SessionRules:
    """How long sessions of this house last; where the idle end is short, so is the warning."""
    rules = SessionRules(idle=settings.SESSION_IDLE)
    return replace(rules, warning=min(rules.warning, rules.idle / 3))


def own_actor(account: Account) -> Actor:
    """An account acting for itself, under no grant."""
    return Actor(str(account.id), account.name, "account", "")


def session_of(request: HttpRequest, account: Account) -> AccountSession | None:
    """The row of a request's session."""
    known: AccountSession | None = getattr(request, "account_session", None)
    if known is not None:
        return known
    row = request.session.get(KEY)
    return AccountSession.objects.filter(id=row, account=account).first() if row else None


@receiver(user_logged_in)
def _opened(sender: object, request: HttpRequest | None, user: Account, **_rest: Any) -> None:
    """However somebody got in, a session of ours is opened; a grant goes on after idling."""
    if request is None or not isinstance(user, Account):
        return
    address = get_adapter().get_client_ip(request) if request.META.get("REMOTE_ADDR") else None
    kind = device_kind(request.META.get("HTTP_USER_AGENT", ""))
    made, grant = open_session(actor=own_actor(user), at=now(), account=user, kind=kind, address=address)
    request.session[KEY] = str(made.id)
    request.account_session = made  # type: ignore[attr-defined]
    if grant is not None:
        request.session[GRANT_KEY] = str(grant)


@receiver(user_logged_out)
def _left(sender: object, request: HttpRequest, user: Account | None, **_rest: Any) -> None:
    """Leaving ends the row; a session that had ended keeps its reason."""
    if isinstance(user, Account) and (held := session_of(request, user)) is not None:
        end_session(actor=own_actor(user), at=now(), session=held, why="left")


class OpenSession:
    """Middleware: a request goes on only in an open session; one that ended becomes nobody's and says why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.session_ended = ""  # type: ignore[attr-defined]
        account = request.user
        if not isinstance(account, Account):
            return self._get_response(request)
        held = session_of(request, account)
        why = _why_ended(request, account, held)
        if not why:
            request.account_session = held  # type: ignore[attr-defined]
            return self._get_response(request)
        logout(request)
        request.session_ended = why  # type: ignore[attr-defined]
        if getattr(view_of(request), "doudi_access", "public") == "public":
            return self._get_response(request)
        back = {"next": request.get_full_path()} if request.method == "GET" else {}
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode(back | {'ended': why})}")


def _why_ended(request: HttpRequest, account: Account, held: AccountSession | None) -> str:
    """Why this request's session is over; nothing while it goes on."""
    if held is None:
        return "unknown"
    if held.ended_at is not None:
        return held.ended_why
    at = now()
    why = rules().ended(held.seen_at, held.started_at, at)
    if why:
        grant = request.session.get(GRANT_KEY)
        end_session(actor=own_actor(account), at=at, session=held, why=why, grant_id=UUID(grant) if grant else None)
    elif at - held.seen_at >= NOTED_EVERY and not getattr(view_of(request), "doudi_quiet", False):
        held.seen_at = at
        note_seen(held.id, at)
    return why
