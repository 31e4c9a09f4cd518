"""Who acts under which grant, for the head of every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from doudi.accounts.models import ROLE_LABELS
from doudi.areas.queries import area
from doudi.core.actor import Actor

ROLE_WORDS = {**ROLE_LABELS, "system": _("系统"), "visitor": _("未登录的人"), "account": _("账号本人")}


def acting(request: HttpRequest) -> dict[str, Any]:
    """Name, role and area of the grant in use (nothing for somebody without one), and what roles are called."""
    actor: Actor | None = getattr(request, "actor", None)
    return {"acting": SimpleLazyObject(lambda: _line(actor)) if actor else None, "role_words": ROLE_WORDS}


def _line(actor: Actor) -> dict[str, object]:
    found = area(actor.area) if actor.area else None
    return {
        "name": actor.name,
        "role": ROLE_LABELS.get(actor.role, actor.role),
        "area": found.name if found else actor.area,
    }
