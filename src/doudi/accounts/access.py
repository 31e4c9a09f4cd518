"""Which actor a request acts as, by a session's grant or a system's token, checked each time; what it may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.accounts.logic.password_profiles import profile
from doudi.accounts.logic.policy import FULL, MEANS, NONE, SYSTEM, TOTALS, level_for
from doudi.accounts.logic.roles import POLICY
from doudi.accounts.logic.roles import may as role_may
from doudi.accounts.logic.scopes import digest
from doudi.accounts.models import Account, EmergencyLook, Grant, ServiceToken
from doudi.accounts.queries import emergencies, emergency_in_force, grants_of, token_in_force, token_known
from doudi.core.actor import EMERGENCY, VIEWING, Actor
from doudi.core.clock import now, today
from doudi.core.errors import Forbidden

SESSION_KEY = "grant_id"
PURPOSES_KEY, LOOKING_KEY = "purposes", "looking"
# reached without a grant and with a password that must be changed: leaving, language, large type, fresh recovery codes
ALWAYS_OPEN = ("account_logout", "core:language", "core:elder", "accounts:session", "accounts:recovery_codes")


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request; Forbidden when the account has no grant in force."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise Forbidden("accounts.no_grant", _("您的账号现在没有有效的授权。请联系安全管理员。"))
    return actor


def may(actor: Actor, permission: str) -> bool:
    """Whether the actor's role holds a permission; the machine itself holds all."""
    return actor.role == SYSTEM or role_may(actor.role, permission)


def sight_of(actor: Actor, field: str) -> str:
    """How much the actor sees now of a class of fields: full, totals, limit, masked or none."""
    if actor.mode == VIEWING:
        return NONE
    found = POLICY.sight_with(actor.role, field, actor.opened)
    if actor.mode == EMERGENCY:
        shows_figures = found in (FULL, TOTALS)
        return FULL if field in actor.opened else POLICY.fields[field].least if shows_figures else found
    return found


def may_see(actor: Actor, field: str) -> bool:
    """Whether the actor sees a class of fields as it is: identity_number, phone, address, minors, income, health, bank.

    What asks for a purpose is seen only by an actor for whom one was stated (`accounts.purposes.about`).
    """
    return sight_of(actor, field) == FULL


def may_reveal(actor: Actor, field: str) -> bool:
    """Whether the actor may have a masked number of a class shown in full, for a stated purpose."""
    if actor.mode:
        return actor.mode == EMERGENCY and field in actor.opened and POLICY.fields[field].reveal is not None
    return POLICY.may_reveal(actor.role, field)


def level_of(actor: Actor) -> str:
    """What form of a report or a proposal somebody sees now: officer, township or limits."""
    return level_for({field: sight_of(actor, field) for field in MEANS})


def emergencies_for(actor: Actor) -> QuerySet[EmergencyLook]:
    """Emergency looks somebody reviews: leaders those at their area, who guards access in the whole house all."""
    role = POLICY.roles.get(actor.role)
    if role is None or actor.mode or not may(actor, "accounts.review_emergency"):
        return emergencies(None).none()
    everywhere = role.level == POLICY.levels[-1] or not actor.area
    return emergencies(None if everywhere else (actor.area, actor.area + "~"))


def asks_purpose(actor: Actor, fields: Iterable[str] = MEANS) -> bool:
    """Whether some of the classes would be seen in full if a purpose were stated."""
    return actor.mode == "" and any(
        POLICY.sight(actor.role, field) == FULL and sight_of(actor, field) != FULL for field in fields
    )


def stated_purpose(request: HttpRequest, actor: Actor, subject: str = "") -> str:
    """The purpose stated for a family (or, without one, for looking across at another department's), still good."""
    kept: dict[str, list[str]] = request.session.get(PURPOSES_KEY, {})
    purpose, until = kept.get(f"{actor.grant_id}:{subject}", ("", ""))
    return purpose if until > now().isoformat() else ""


def about(request: HttpRequest, family: UUID) -> Actor:
    """The actor, about to look at a family: with the purpose that was stated for it, and what that opens."""
    actor = actor_of(request)
    purpose = "" if actor.mode else stated_purpose(request, actor, str(family))
    if not purpose:
        return actor
    opened = {name for name, field in POLICY.fields.items() if purpose in field.asks}
    return replace(actor, purpose=purpose, opened=actor.opened | opened)


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


def actor_of_token(token: str, *scopes: str) -> Actor:
    """The actor of another system that shows a token good for all of `scopes`; Forbidden otherwise.

    Its role is `service`, its account the service account, its grant the token: the log tells tokens apart.
    """
    found = _token(token)
    if not set(scopes) <= set(found.scopes):
        raise Forbidden("accounts.scope_missing", _("这个令牌没有所要的范围。"))
    return _acting(found)


def holder_of_token(token: str) -> Actor | None:
    """Whose a token is or was, in force or not: for the log alone, it lets nobody in."""
    found = token_known(digest(token))
    return None if found is None else _acting(found)


def _acting(token: ServiceToken) -> Actor:
    service = token.service
    return Actor(
        str(service.id), service.name, "service", service.area_code, service.department, service.purpose, str(token.id)
    )


def scopes_of_token(token: str) -> frozenset[str]:
    """What a token is good for; Forbidden when it is not in force."""
    return frozenset(_token(token).scopes)


def _token(token: str) -> ServiceToken:
    found = token_in_force(digest(token), now(), today())
    if found is None:
        raise Forbidden("accounts.token_refused", _("令牌不对或已到期。请重新取令牌。"))
    return found


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
        if isinstance(account, Account) and not getattr(request, "lacks_second_factor", False):
            grants = list(grants_of(account, today()))
            request.grants = grants  # type: ignore[attr-defined]
            grant = _chosen(request, grants)
            if grant is not None:
                base = as_actor(account, grant)
                request.base_actor = base  # type: ignore[attr-defined]
                request.actor = _looking(request, base, account)  # type: ignore[attr-defined]
            first = _comes_first(request, account, grants)
            if first is not None:
                return HttpResponseRedirect(first)
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Who looks across at another department's families says what for, before the first of an hour."""
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None or not POLICY.is_across(actor.department) or actor.mode:
            return None
        purpose = stated_purpose(request, actor)
        if purpose:
            request.actor = replace(actor, purpose=purpose)  # type: ignore[attr-defined]
        elif getattr(view, "doudi_access", "") in POLICY.people:
            return HttpResponseRedirect(f"{reverse('accounts:purpose')}?{urlencode({'next': request.get_full_path()})}")
        return None


def _looking(request: HttpRequest, base: Actor, account: Account) -> Actor:
    """The actor in the mode the session is in: an emergency look or the viewing of a role, while they last."""
    kept: dict[str, str] = request.session.get(LOOKING_KEY, {})
    if not kept:
        return base
    changed = None
    if kept.get("grant") == base.grant_id:
        changed = _in_emergency(base, account, kept) if kept["mode"] == EMERGENCY else _viewing(base, kept)
    if changed is None:
        del request.session[LOOKING_KEY]
        messages.warning(request, str(_("应急查看或角色预览已结束，回到了您自己的身份。")))
    return changed or base


def _in_emergency(base: Actor, account: Account, kept: Mapping[str, str]) -> Actor | None:
    look = emergency_in_force(UUID(kept["look"]), account.id, now())
    if look is None or not may(base, "accounts.emergency"):
        return None
    return replace(base, area=look.area_code, purpose=EMERGENCY, mode=EMERGENCY, opened=frozenset(look.opened))


def _viewing(base: Actor, kept: Mapping[str, str]) -> Actor | None:
    over = kept["until"] <= now().isoformat() or kept["role"] not in POLICY.view_as.roles
    if over or not may(base, "accounts.view_as"):
        return None
    return replace(base, role=kept["role"], department=POLICY.owner, purpose="view_as", mode=VIEWING)


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
    if account.must_change_password or profile(settings.PASSWORD_PROFILE).is_too_old(account.password_set_at, now()):
        return None if request.path == password else password
    if request.actor is None and grants and request.method == "GET" and request.path not in (password, choice):  # type: ignore[attr-defined]
        if SESSION_KEY in request.session:
            messages.warning(request, str(_("刚才用的授权已到期或收回。请重新选择身份。")))
        return choice
    return None
