"""Asking a second person, and their answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Missing, Stale
from doudi.exports.logic.declared import Export, Prepared
from doudi.exports.models import Approval

VALID = timedelta(hours=72)
"""So long a question waits for its answer."""
FETCHED_WITHIN = timedelta(hours=24)
"""So long a yes may be used."""


@transaction.atomic
def ask_approval(
    *, actor: Actor, at: datetime, export: Export, prepared: Prepared, address: str, purpose: str, reason: str, why: str
) -> Approval:
    """Ask for a file. The same question while it still waits is the same row."""
    if not reason.strip():
        raise Malformed("exports.reason_missing", _("要请另一人同意的，请写明为什么要取这么多人的信息。"))
    same = Approval.objects.filter(
        asked_by=actor.account_id, export=export.name, address=address, purpose=purpose, full=prepared.full,
        state="waiting", until__gt=at,
    ).first()  # fmt: skip
    if same is not None:
        return same
    made = Approval.objects.create(
        export=export.name, address=address, purpose=purpose, reason=reason.strip()[:300], persons=prepared.persons,
        full=prepared.full, why=why, area_code=actor.area, asked_by=actor.account_id, asked_name=actor.name,
        asked_role=actor.role, asked_at=at, until=at + VALID,
    )  # fmt: skip
    record_act(
        actor=actor, verb="exports.ask_approval", subjects=[("approval", made.id), *prepared.subjects], at=at,
        reason=f"{purpose} {made.reason}", count=prepared.persons,
    )  # fmt: skip
    return made


@transaction.atomic
def decide_approval(*, actor: Actor, at: datetime, approval: UUID, agrees: bool, note: str) -> Approval:
    """Another person's yes or no. A yes may be used once, within a day."""
    found = Approval.objects.select_for_update().filter(pk=approval).first()
    if found is None or not actor.covers(found.area_code):
        raise Missing("exports.no_such_approval", _("没有这项导出申请。请从导出页重新打开。"))
    if not may(actor, "exports.approve") or actor.role == "system":
        raise Forbidden("exports.may_not_approve", _("您现在的身份不能同意导出。请由乡镇或县级负责人办理。"))
    if found.asked_by == actor.account_id:
        raise Forbidden("exports.same_person", _("不能同意自己的导出申请。请由另一位负责人办理。"))
    if found.state != "waiting" or at >= found.until:
        raise Stale("exports.answered_already", _("这项申请已经有人答复，或者过期了。"))
    if not agrees and not note.strip():
        raise Malformed("exports.note_missing", _("不同意的，请写明理由。"))
    found.state, found.note = "approved" if agrees else "refused", note.strip()[:300]
    found.decided_by, found.decided_name, found.decided_at = actor.account_id, actor.name, at
    found.until = at + FETCHED_WITHIN if agrees else found.until
    found.save(update_fields=["state", "note", "decided_by", "decided_name", "decided_at", "until"])
    record_act(
        actor=actor, verb="exports.decide_approval", subjects=[("approval", found.id)], at=at, reason=found.note,
        outcome="done" if agrees else "refused", count=found.persons,
    )  # fmt: skip
    return found
