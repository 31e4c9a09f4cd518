"""Who may see, write and approve which draft: loaded and checked against role and area in one call."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden
from doudi.rulebook.lifecycle import MOVES
from doudi.rulebook.models import Draft


def drafts_visible_to(actor: Actor) -> QuerySet[Draft]:
    """Drafts of places in the actor's area, the last changed first."""
    require(actor, "rulebook.drafts")
    return within_area(actor, Draft.objects.defer("base")).order_by("-saved_at")


def within_area(actor: Actor, drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """Those of places in the actor's area."""
    return drafts.filter(place__gte=actor.area, place__lt=actor.area + "z")


def draft_for(actor: Actor, draft: uuid.UUID) -> Draft:
    """A draft the actor may read; Forbidden alike where there is none and where it is of another area."""
    require(actor, "rulebook.drafts")
    found = Draft.objects.filter(pk=draft).first()
    return _within(actor, found)


def locked_draft(actor: Actor, draft: uuid.UUID, move: str) -> Draft:
    """A draft on which the actor makes a move, locked: role, area, and who wrote it. Its state is not looked at."""
    rule = MOVES[move]
    require(actor, rule.permission)
    found = _within(actor, Draft.objects.select_for_update().filter(pk=draft).first())
    if rule.by_author and found.author_id != actor.account_id:
        raise Forbidden("rulebook.not_the_author", _("只有起草的人能改这份草稿。请由起草人办理，或另起一份。"))
    if rule.by_another and found.author_id == actor.account_id:
        raise Forbidden("rulebook.same_person", _("起草的人不能批准自己的草稿。请由另一位有批准权限的同事办理。"))
    if rule.by_another and actor.role == "system":
        raise Forbidden("rulebook.a_person_approves", _("规则由人批准，系统不能代替。请由有权限的负责人办理。"))
    return found


def require(actor: Actor, permission: str) -> None:
    """The actor's role holds a permission."""
    if not may(actor, permission):
        raise Forbidden("rulebook.role", _("您现在的身份不能办理规则的这一步。请由有权限的同事办理。"))


def require_place(actor: Actor, place: str) -> None:
    """The place lies in the actor's area: what is above is set above."""
    if not actor.covers(place):
        raise Forbidden("rulebook.place_elsewhere", _("这个地区的规则不归您管。请由该地区的民政部门办理。"))


def _within(actor: Actor, found: Draft | None) -> Draft:
    if found is None or not actor.covers(found.place):
        raise Forbidden("rulebook.draft_elsewhere", _("没有这份草稿，或者它不归您的辖区。请从草稿列表重新打开。"))
    return found
