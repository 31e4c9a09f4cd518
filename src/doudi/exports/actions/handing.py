"""Handing a file out: its row, the second person's yes used up, the entry with count and digest; then the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.accounts.models import Account
from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Refused
from doudi.exports.models import Approval, Handout
from doudi.exports.queries.handouts import taken_today


@dataclass(frozen=True, slots=True)
class Taken:
    """What goes out and why. `number` is the id that its mark already names."""

    number: UUID
    export: str
    content: bytes
    persons: int
    full: bool
    subjects: tuple[tuple[str, object], ...]
    purpose: str = ""
    reason: str = ""
    agreement: str = ""
    most_today: int | None = None
    """So many people may be among what this account takes out today (under `agreement`, if any), with this file."""
    most_copies: int | None = None
    """So many files of this kind, this one with them, where it is a copy of own data."""
    address: str = ""
    """Where it was taken from: a second person's yes is good for this address only."""


@transaction.atomic
def hand_out(*, actor: Actor, at: datetime, taken: Taken, approval: UUID | None = None) -> Handout:
    """Note a file as handed out. Refused if the yes it rests on was used meanwhile, ran out or is another's."""
    used = _use(actor, at, taken, approval) if approval else None
    if taken.persons and taken.most_today is not None:
        _within_the_day(actor, at, taken, taken.most_today)
    digest = sha256(taken.content).hexdigest()
    made = Handout.objects.create(
        id=taken.number, export=taken.export, account_id=actor.account_id, account_name=actor.name, role=actor.role,
        area_code=actor.area, department=actor.department, purpose=taken.purpose, reason=taken.reason,
        persons=taken.persons, full=taken.full, size=len(taken.content), digest=digest, at=at,
        agreement=taken.agreement, approval=used,
    )  # fmt: skip
    record_act(
        actor=actor, verb=taken.export, subjects=[*taken.subjects, ("handout", made.id)], at=at,
        reason=" ".join(part for part in (taken.purpose, "full" if taken.full else "", taken.reason) if part),
        count=taken.persons, digest=digest,
    )  # fmt: skip
    return made


def _within_the_day(actor: Actor, at: datetime, taken: Taken, most: int) -> None:
    """Counted once more behind a lock: two windows of one account do not share out what is left."""
    list(Account.objects.select_for_update(no_key=True).filter(pk=actor.account_id).values_list("pk"))
    today = taken_today(actor.account_id, at, taken.export)
    already = today.agreed.get(taken.agreement, 0) if taken.agreement else today.persons
    too_many_copies = taken.most_copies is not None and today.files + 1 > taken.most_copies
    if already + taken.persons > most or too_many_copies:
        raise Refused("exports.day_limit", _("今天取走的人数到上限了。请再点一次，改为申请另一人同意。"))


def _use(actor: Actor, at: datetime, taken: Taken, approval: UUID) -> Approval:
    """The yes, locked and used up. Given for one file at one address for one purpose, in one role and area, it is good
    for no other.
    """
    found = Approval.objects.select_for_update().filter(pk=approval, asked_by=actor.account_id).first()
    given = (taken.export, taken.full, taken.address, taken.purpose, actor.role, actor.area)
    asked = found and (
        found.export, found.full, found.address, found.purpose, found.asked_role, found.area_code,
    )  # fmt: skip
    fits = asked == given
    if found is None or not fits or found.state != "approved" or at >= found.until or taken.persons > found.persons:
        raise Refused("exports.approval_used", _("这份同意已经用过、过期，或者不是给这份文件的。请重新申请。"))
    found.state = "fetched"
    found.save(update_fields=["state"])
    return found
