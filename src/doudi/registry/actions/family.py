"""Changes within a household: somebody joins or leaves, it moves, has another head, is split or merged. All dated."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Refused
from doudi.core.row_context import everywhere
from doudi.core.vault import vault
from doudi.registry.models import Address, Headship, Household, Membership


@transaction.atomic
def add_member(
    *, actor: Actor, at: datetime.datetime, household: uuid.UUID, person: uuid.UUID, relation: str, on: datetime.date
) -> Membership:
    """Somebody joins from a day on."""
    found = _locked(household, on)
    if Membership.objects.filter(household=found, person_id=person, to_on__isnull=True).exists():
        raise Refused("registry.already_member", _("这个人已经是这一家庭的成员。"))
    if found.kind == "hukou":
        with everywhere("whoever moves in from another area leaves the household there"):
            _close(Membership.objects.filter(person_id=person, kind="hukou", to_on__isnull=True), on)
    made = Membership.objects.create(household=found, person_id=person, kind=found.kind, relation=relation, from_on=on)
    _record("registry.add_member", actor, at, [found.id], [person])
    return made


@transaction.atomic
def remove_member(
    *, actor: Actor, at: datetime.datetime, household: uuid.UUID, person: uuid.UUID, on: datetime.date, reason: str
) -> None:
    """Somebody no longer belongs from a day on."""
    found = _locked(household, on)
    if not _close(Membership.objects.filter(household=found, person_id=person, to_on__isnull=True), on):
        raise Refused("registry.not_member", _("这个人不是这一家庭的成员。"))
    _record("registry.remove_member", actor, at, [found.id], [person], reason)


@transaction.atomic
def change_head(
    *, actor: Actor, at: datetime.datetime, household: uuid.UUID, head: uuid.UUID, on: datetime.date, reason: str
) -> Household:
    """Another head from a day on; a register household's head must be one of its members."""
    found = _locked(household, on)
    member = Membership.objects.filter(household=found, person_id=head, to_on__isnull=True).exists()
    if found.kind == "hukou" and not member:
        raise Refused("registry.head_not_member", _("户主必须是本户成员。请先加入这名成员。"))
    _set_head(found, head, on)
    _record("registry.change_head", actor, at, [found.id], [head], reason)
    return found


@transaction.atomic
def move_household(
    *,
    actor: Actor,
    at: datetime.datetime,
    household: uuid.UUID,
    area_code: str,
    on: datetime.date,
    line: str = "",
    reason: str = "",
) -> Household:
    """A new address from a day on; the line of the address is encrypted."""
    found = _locked(household, on)
    _close(Address.objects.filter(household=found, to_on__isnull=True), on)
    key = uuid.uuid4()
    secret = vault().encrypt(f"registry_address|line|{key}", line.encode()) if line else None
    Address.objects.create(id=key, household=found, area_code=area_code, line_enc=secret, from_on=on)
    found.area_code = area_code
    with everywhere("a household may move out of the area of whoever records it"):
        found.save(update_fields=["area_code"])
    _record("registry.move_household", actor, at, [found.id], [], reason)
    return found


@transaction.atomic
def split_household(
    *,
    actor: Actor,
    at: datetime.datetime,
    household: uuid.UUID,
    leaving: Sequence[uuid.UUID],
    head: uuid.UUID,
    on: datetime.date,
    reason: str,
    number: str | None = None,
) -> Household:
    """Some members leave and form a household of their own at the same address."""
    found = _locked(household, on)
    rows = list(Membership.objects.filter(household=found, person_id__in=leaving, to_on__isnull=True))
    if len(rows) != len(set(leaving)) or head not in leaving:
        raise Refused("registry.split_unknown_member", _("分出去的人必须都是本户成员，新户主也在其中。"))
    if not Membership.objects.filter(household=found, to_on__isnull=True).exclude(person_id__in=leaving).exists():
        raise Refused("registry.split_leaves_nobody", _("分户后原来的家庭没有成员。请改用迁移或变更户主。"))
    if found.head_id in leaving:
        raise Refused("registry.split_takes_head", _("户主在分出去的人中。请先变更原家庭的户主。"))
    _close(Membership.objects.filter(pk__in=[row.pk for row in rows]), on)
    made = Household.objects.create(
        kind=found.kind, number=number, area_code=found.area_code, origin=found.origin, formed_on=on
    )
    for row in rows:
        Membership.objects.create(
            household=made, person_id=row.person_id, kind=made.kind, relation=row.relation, from_on=on
        )
    _set_head(made, head, on)
    if found.area_code:
        Address.objects.create(household=made, area_code=found.area_code, from_on=on)
    _record("registry.split_household", actor, at, [found.id, made.id], list(leaving), reason)
    return made


@transaction.atomic
def merge_households(
    *, actor: Actor, at: datetime.datetime, kept: uuid.UUID, ended: uuid.UUID, on: datetime.date, reason: str
) -> Household:
    """All members of one household join another; the former ends and points at it."""
    one, other = _locked(kept, on), _locked(ended, on)
    if one.id == other.id or one.kind != other.kind:
        raise Refused("registry.merge_kinds", _("只能合并两个同类的家庭。"))
    rows = list(Membership.objects.filter(household=other, to_on__isnull=True))
    _close(Membership.objects.filter(pk__in=[row.pk for row in rows]), on)
    present = set(Membership.objects.filter(household=one, to_on__isnull=True).values_list("person_id", flat=True))
    for row in rows:
        if row.person_id not in present:
            Membership.objects.create(
                household=one, person_id=row.person_id, kind=one.kind, relation=row.relation, from_on=on
            )
    for model in (Headship, Address):
        _close(model.objects.filter(household=other, to_on__isnull=True), on)
    other.ended_on, other.succeeded_by, other.head = on, one, None
    other.save(update_fields=["ended_on", "succeeded_by", "head"])
    _record("registry.merge_households", actor, at, [one.id, other.id], [], reason)
    return one


def _locked(household: uuid.UUID, on: datetime.date) -> Household:
    found = Household.objects.select_for_update().get(pk=household)
    if found.ended_on:
        raise Refused("registry.household_ended", _("这一家庭已经不再存在。请打开它并入的家庭。"))
    if on < found.formed_on:
        raise Refused("registry.before_formation", _("这一天还没有这一家庭。请检查日期。"))
    return found


def _set_head(household: Household, head: uuid.UUID, on: datetime.date) -> None:
    _close(Headship.objects.filter(household=household, to_on__isnull=True), on)
    Headship.objects.create(household=household, person_id=head, from_on=on)
    household.head_id = head
    household.save(update_fields=["head"])


def _close(rows: object, on: datetime.date) -> int:
    """End open periods; one that began later ends the day it began."""
    count = 0
    for row in rows:  # type: ignore[attr-defined]
        row.to_on = max(on, row.from_on)
        row.save(update_fields=["to_on"])
        count += 1
    return count


def _record(
    verb: str,
    actor: Actor,
    at: datetime.datetime,
    households: list[uuid.UUID],
    persons: list[uuid.UUID],
    reason: str = "",
) -> None:
    subjects = [("household", str(item)) for item in households] + [("person", str(item)) for item in persons]
    record_act(actor=actor, verb=verb, subjects=subjects, at=at, before=None, after=None, reason=reason)
