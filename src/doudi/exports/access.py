"""The door, as views name it: `@export(declared)`; who may see and answer which request."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.core.actor import Actor
from doudi.core.errors import Missing
from doudi.exports.door import answered
from doudi.exports.logic.declared import PERSONAL, RULES, TOTALS, Export, Prepared
from doudi.exports.models import Approval, Handout

__all__ = [
    "PERSONAL", "RULES", "TOTALS", "Export", "Prepared", "approval_for", "approvals_visible_to", "export",
    "handouts_visible_to",
]  # fmt: skip

Preparing = Callable[..., Prepared]
View = Callable[..., HttpResponse]


def export(declared: Export) -> Callable[[Preparing], View]:
    """A view that answers with a file: it authorises, counts and returns what is Prepared; the door does the rest."""

    def wrap(preparing: Preparing) -> View:
        @wraps(preparing)
        def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return answered(request, declared, preparing(request, *args, **kwargs))

        view.doudi_export = declared  # type: ignore[attr-defined]
        return view

    return wrap


def approvals_visible_to(actor: Actor) -> QuerySet[Approval]:
    """Requests of one's own; those of one's area for whoever answers them or looks into them."""
    rows = Approval.objects.order_by("-asked_at", "-id")
    if _looks_wider(actor):
        return rows.filter(area_code__startswith=actor.area)
    return rows.filter(asked_by=actor.account_id)


def approval_for(actor: Actor, approval: uuid.UUID) -> Approval:
    """A request the actor may see; anybody else's is Missing."""
    found = (
        approvals_visible_to(actor).filter(pk=approval).first()
        or Approval.objects.filter(pk=approval, asked_by=actor.account_id).first()
    )
    if found is None:
        raise Missing("exports.no_such_approval", _("没有这项导出申请。请从导出页重新打开。"))
    return found


def handouts_visible_to(actor: Actor) -> QuerySet[Handout]:
    """What one took out oneself; all of one's area for whoever looks into it."""
    rows = Handout.objects.order_by("-at", "-id")
    if _looks_wider(actor):
        return rows.filter(area_code__startswith=actor.area)
    return rows.filter(account_id=actor.account_id)


def _looks_wider(actor: Actor) -> bool:
    return may(actor, "exports.approve") or may(actor, "exports.inspect")
