"""Which actor a request acts as: the session's grant, checked anew on every request."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.accounts.logic.roles import may as role_may
from doudi.accounts.models import Account, Grant
from doudi.accounts.queries import grants_of
from doudi.core.actor import Actor
from doudi.core.clock import today
from doudi.core.errors import Forbidden

SESSION_KEY = "grant_id"
# reached without a grant and with a password that must be changed: leaving, language, large type
ALWAYS_OPEN = ("account_logout", "core:language", "core:elder")


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request; Forbidden when the account has no grant in force."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise Forbidden("accounts.no_grant", _("您的账号现在没有有效的授权。请联系安全管理员。"))
    return actor


def may(actor: Actor, permission: str) -> bool:
    """Whether the actor's role holds a permission; the machine itself holds all."""
    return actor.role == "system" or role_may(actor.role, permission)


def as_actor(account: Account, grant: Grant) -> Actor:
    """An account under a grant."""
    return Actor(
        str(account.id),
        account.name or account.username,
        grant.role,
        grant.area_code,
        grant.department,
        grant.purpose,
        str(grant.id),
    )


class ActsUnderGrant:
    """Middleware: puts `actor` on the request. A new password and the choice among several grants come first.

    A grant that is no longer in force is not replaced by another silently: the request has no actor, and its holder
    chooses again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        account = request.user
        if isinstance(account, Account):
            grants = list(grants_of(account, today()))
            request.grants = grants  # type: ignore[attr-defined]
            grant = _chosen(request, grants)
            if grant is not None:
                request.actor = as_actor(account, grant)  # type: ignore[attr-defined]
            first = _comes_first(request, account, grants)
            if first is not None:
                return HttpResponseRedirect(first)
        return self._get_response(request)


def _chosen(request: HttpRequest, grants: Sequence[Grant]) -> Grant | None:
    wanted = request.session.get(SESSION_KEY)
    if wanted is None and len(grants) == 1:
        request.session[SESSION_KEY] = str(grants[0].id)
        return grants[0]
    return next((grant for grant in grants if str(grant.id) == wanted), None)


def _comes_first(request: HttpRequest, account: Account, grants: Sequence[Grant]) -> str | None:
    """Where the request must go before anything else; None when it may go on."""
    if request.path.startswith("/static/") or request.path in {reverse(name) for name in ALWAYS_OPEN}:
        return None
    password, choice = reverse("accounts:password"), reverse("accounts:grant")
    if account.must_change_password:
        return None if request.path == password else password
    if request.actor is None and grants and request.method == "GET" and request.path not in (password, choice):  # type: ignore[attr-defined]
        if SESSION_KEY in request.session:
            messages.warning(request, str(_("刚才用的授权已到期或收回。请重新选择身份。")))
        return choice
    return None
