"""Who acts under which grant, for the head of every page."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from doudi.accounts.models import ROLE_LABELS, Account
from doudi.accounts.queries import review_due_on, review_state
from doudi.accounts.second_factor import is_required
from doudi.accounts.sessions import WHY, rules
from doudi.areas.queries import area, names_of
from doudi.core.actor import Actor
from doudi.core.clock import today

ROLE_WORDS = {
    **ROLE_LABELS,
    "system": _("系统"),
    "visitor": _("未登录的人"),
    "account": _("账号本人"),
    "service": _("其他系统"),
}


def acting(request: HttpRequest) -> dict[str, Any]:
    """Name, role and area of the grant in use (nothing for somebody without one), and what roles are called."""
    actor: Actor | None = getattr(request, "actor", None)
    return {
        "acting": SimpleLazyObject(lambda: _line(actor)) if actor else None,
        "looking": SimpleLazyObject(lambda: _mode(actor)) if actor and actor.mode else None,
        "review_overdue": _overdue(request, actor),
        "role_words": ROLE_WORDS,
        "ended_words": WHY,
        "idle": _idle(request),
        "second_factor_optional": not is_required(),
        "has_provider": bool(settings.SOCIALACCOUNT_PROVIDERS),
        "provider_name": settings.OIDC_NAME,
    }


def _mode(actor: Actor) -> dict[str, object]:
    """What the banner says while nothing can be written."""
    return {"mode": actor.mode, "area": names_of([actor.area])[actor.area], "role": ROLE_LABELS.get(actor.role, "")}


def _overdue(request: HttpRequest, actor: Actor | None) -> date | None:
    """By when the grant in use was to be confirmed, if that day has passed."""
    grants = getattr(request, "grants", ())
    grant = next((one for one in grants if actor is not None and str(one.id) == actor.grant_id), None)
    return review_due_on(grant) if grant is not None and review_state(grant, today()) == "overdue" else None


def _idle(request: HttpRequest) -> dict[str, object] | None:
    """What the page frame needs to warn before the idle end; nothing for whom has no session."""
    if not isinstance(getattr(request, "user", None), Account):
        return None
    held = rules()
    return {
        "seconds": int(held.idle.total_seconds()),
        "warning": int(held.warning.total_seconds()),
        "who": str(request.user.id),
        "ask": reverse("accounts:session"),
        "sign_in": f"{settings.LOGIN_URL}?{urlencode({'next': reverse('accounts:back')})}",
    }


def _line(actor: Actor) -> dict[str, object]:
    found = area(actor.area) if actor.area else None
    return {
        "name": actor.name,
        "role": ROLE_LABELS.get(actor.role, actor.role),
        "area": found.name if found else actor.area,
    }
