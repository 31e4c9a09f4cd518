"""Legal holds: nothing is erased about a subject while one stands."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Missing, Refused
from doudi.keeping.logic.duties import areas_of
from doudi.keeping.models import KINDS, Hold
from doudi.keeping.queries import lock_holds, may_lift


@transaction.atomic
def place_hold(*, actor: Actor, at: datetime, kind: str, subject: UUID, reason: str) -> Hold:
    """Keep everything about a subject of the actor's area until the hold is lifted."""
    _check(actor, reason)
    if kind not in KINDS:
        raise Malformed("keeping.no_such_kind", _("只能对人员、家庭或申请暂停删除。"))
    if not any(actor.covers(area) for area in areas_of.collect(kind, subject) if area):
        raise Missing("keeping.no_such_subject", _("没有这个编号，或者不在您的辖区。请核对网址里的编号。"))
    lock_holds()
    own = {"area_code": actor.area, "placed_role": actor.role}
    if Hold.objects.filter(kind=kind, subject=subject, lifted_at=None, **own).exists():
        raise Refused("keeping.already_held", _("已经暂停删除，不用再设。"))
    made = Hold.objects.create(
        kind=kind, subject=subject, reason=reason.strip(), placed_by=actor.account_id, placed_name=actor.name,
        placed_at=at, **own,
    )  # fmt: skip
    record_act(actor=actor, verb="keeping.place_hold", subjects=[(kind, subject)], at=at, reason=reason.strip())
    return made


@transaction.atomic
def lift_hold(*, actor: Actor, at: datetime, hold: UUID, reason: str) -> Hold:
    """From now on the rules hold again; what has become due goes with the next run."""
    _check(actor, reason)
    found = Hold.objects.select_for_update().filter(pk=hold).first()
    if found is None or not actor.covers(found.area_code):
        raise Missing("keeping.no_such_hold", _("没有这条暂停删除。"))
    if not may_lift(actor, found):
        raise Forbidden("keeping.auditors_hold", _("这是审计设的暂停删除，只有审计能解除。"))
    if found.lifted_at is not None:
        raise Refused("keeping.already_lifted", _("这条暂停删除已经解除。"))
    found.lifted_at, found.lifted_by, found.lifted_reason = at, actor.account_id, reason.strip()
    found.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
    subjects = [(found.kind, found.subject), ("hold", found.id)]
    record_act(actor=actor, verb="keeping.lift_hold", subjects=subjects, at=at, reason=reason.strip())
    return found


def _check(actor: Actor, reason: str) -> None:
    if not may(actor, "keeping.hold") or actor.role == "system":
        raise Forbidden("keeping.not_allowed", _("您现在的身份不能暂停或恢复删除。"))
    if not reason.strip() or len(reason.strip()) > 500:
        raise Malformed("keeping.reason_missing", _("请写明理由，不超过 500 字。"))
