"""Which actor a request acts as: the session's grant, checked anew on every request."""

from __future__ import annotations

from collections.abc import Callable

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
    """Middleware: puts `actor` on the request; sends whoever must set a new password there first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        account = request.user
        if isinstance(account, Account):
            grants = list(grants_of(account, today()))
            wanted = request.session.get(SESSION_KEY)
            grant = next((g for g in grants if str(g.id) == wanted), grants[0] if grants else None)
            if grant is not None:
                request.actor = as_actor(account, grant)  # type: ignore[attr-defined]
            request.grants = grants  # type: ignore[attr-defined]
            change = reverse("accounts:password")
            if (
                account.must_change_password
                and request.path not in (change, reverse("account_logout"))
                and not request.path.startswith("/static/")
            ):
                return HttpResponseRedirect(change)
        return self._get_response(request)
