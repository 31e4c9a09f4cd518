"""Forming households: those of the register, many at once and again with each delivery; and one assistance unit."""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Refused
from doudi.registry.actions.rows import insert_rows, update_rows
from doudi.registry.logic.batches import chunks
from doudi.registry.logic.newcomers import Formed, NewHousehold
from doudi.registry.models import Address, Headship, Household, Membership, Person

Row = tuple[Any, ...]
HOUSEHOLD_COLUMNS = ["id", "kind", "number", "area_code", "kept_in", "head_id", "origin", "formed_on"]
MEMBER_COLUMNS = ["id", "household_id", "person_id", "kind", "relation", "seq", "from_on"]


@dataclass
class Changes:
    """Rows to write, gathered over all households of one act."""

    households: list[Row] = field(default_factory=list)
    current: list[Row] = field(default_factory=list)
    members: list[Row] = field(default_factory=list)
    relations: list[Row] = field(default_factory=list)
    heads: list[Row] = field(default_factory=list)
    addresses: list[Row] = field(default_factory=list)
    left: list[Row] = field(default_factory=list)
    heads_ended: list[Row] = field(default_factory=list)
    addresses_ended: list[Row] = field(default_factory=list)

    def write(self) -> None:
        insert_rows(Household, HOUSEHOLD_COLUMNS, self.households)
        update_rows(Household, ["id", "area_code", "head_id"], self.current)
        update_rows(Membership, ["id", "to_on"], self.left)
        update_rows(Membership, ["id", "relation"], self.relations)
        update_rows(Headship, ["id", "to_on"], self.heads_ended)
        update_rows(Address, ["id", "to_on"], self.addresses_ended)
        insert_rows(Membership, MEMBER_COLUMNS, self.members)
        insert_rows(Headship, ["id", "household_id", "person_id", "from_on"], self.heads)
        insert_rows(Address, ["id", "household_id", "area_code", "from_on"], self.addresses)

    def found(self, kind: str, given: NewHousehold, on: datetime.date, origin: str) -> uuid.UUID:
        """A new household with its members, head and address."""
        key = uuid.uuid4()
        self.households.append((key, kind, given.number, given.area_code, given.kept_in, given.head, origin, on))
        members = dict(given.members)
        for seq, (person, relation) in enumerate(members.items()):
            self.members.append((uuid.uuid4(), key, person, kind, relation, seq, on))
        if given.head:
            self.heads.append((uuid.uuid4(), key, given.head, on))
        if given.area_code:
            self.addresses.append((uuid.uuid4(), key, given.area_code, on))
        return key


@dataclass(frozen=True)
class Standing:
    """What holds today of the households a delivery speaks of."""

    households: dict[str, Household]
    members: dict[uuid.UUID, list[Membership]]
    heads: dict[uuid.UUID, Headship]
    addresses: dict[uuid.UUID, Address]
    elsewhere: dict[uuid.UUID, Membership]
    """Open register membership of each person, in whatever household."""


@transaction.atomic
def form_hukou_households(
    *, actor: Actor, at: datetime.datetime, households: Sequence[NewHousehold], on: datetime.date, origin: str
) -> Formed:
    """Bring register households to what a delivery says as of a day: new ones, joined, left, moved, another head.

    Whoever is named in two households of one delivery belongs to the first.
    """
    households = _each_person_once(households)
    standing = _standing(households)
    changes, ids, created, changed = Changes(), [], 0, 0
    moved_in: set[uuid.UUID] = set()
    for given in households:
        household = standing.households.get(given.number or "")
        if household is None:
            ids.append(changes.found("hukou", given, on, origin))
            created += 1
        else:
            ids.append(household.id)
            changed += _adjust(household, given, standing, changes, on)
        moved_in.update(person for person, _relation in given.members)
    _leave_elsewhere(moved_in, dict(zip((item.number for item in households), ids, strict=True)), standing, changes, on)
    changes.write()
    record_act(
        actor=actor, verb="registry.form_hukou_households", subjects=[], at=at, before=None, after=None,
        reason=origin, count=created + changed,
    )  # fmt: skip
    return Formed(tuple(ids), created, changed)


def _each_person_once(households: Sequence[NewHousehold]) -> list[NewHousehold]:
    seen: set[uuid.UUID] = set()
    kept = []
    for item in households:
        members = {person: relation for person, relation in item.members if person not in seen}
        seen.update(members)
        kept.append(replace(item, members=tuple(members.items())))
    return kept


def _standing(households: Sequence[NewHousehold]) -> Standing:
    numbers = [item.number for item in households if item.number]
    found = {
        item.number or "": item
        for part in chunks(numbers)
        for item in Household.objects.filter(kind="hukou", number__in=part)
    }
    keys = [item.id for item in found.values()]
    people = [person for item in households for person, _relation in item.members]
    members: dict[uuid.UUID, list[Membership]] = defaultdict(list)
    heads, addresses, elsewhere = {}, {}, {}
    for part in chunks(keys):
        for row in Membership.objects.filter(household_id__in=part, to_on__isnull=True):
            members[row.household_id].append(row)
        heads.update(
            {row.household_id: row for row in Headship.objects.filter(household_id__in=part, to_on__isnull=True)}
        )
        addresses.update(
            {row.household_id: row for row in Address.objects.filter(household_id__in=part, to_on__isnull=True)}
        )
    for part in chunks(people):
        rows = Membership.objects.filter(person_id__in=part, kind="hukou", to_on__isnull=True)
        elsewhere.update({row.person_id: row for row in rows})
    return Standing(found, members, heads, addresses, elsewhere)


def _adjust(household: Household, given: NewHousehold, standing: Standing, changes: Changes, on: datetime.date) -> bool:
    """Differences between what holds and what is given; true if there was any."""
    before = sum(map(len, vars(changes).values()))
    wanted = dict(given.members)
    present = {row.person_id: row for row in standing.members.get(household.id, [])}
    for person, row in present.items():
        if person not in wanted:
            changes.left.append((row.id, max(on, row.from_on)))
        elif wanted[person] != row.relation:
            changes.relations.append((row.id, wanted[person]))
    for seq, (person, relation) in enumerate(wanted.items()):
        if person not in present:
            changes.members.append((uuid.uuid4(), household.id, person, household.kind, relation, seq, on))
    head = given.head or (household.head_id if household.head_id in wanted else None)
    area = given.area_code or household.area_code
    _adjust_head(household, head, standing.heads.get(household.id), changes, on)
    _adjust_address(household, area, standing.addresses.get(household.id), changes, on)
    if (household.head_id, household.area_code) != (head, area):
        changes.current.append((household.id, area, head))
    return sum(map(len, vars(changes).values())) != before


def _adjust_head(
    household: Household, head: uuid.UUID | None, standing: Headship | None, changes: Changes, on: datetime.date
) -> None:
    if standing and standing.person_id == head:
        return
    if standing:
        changes.heads_ended.append((standing.id, max(on, standing.from_on)))
    if head:
        changes.heads.append((uuid.uuid4(), household.id, head, on))


def _adjust_address(
    household: Household, area: str, standing: Address | None, changes: Changes, on: datetime.date
) -> None:
    if standing and standing.area_code == area:
        return
    if standing:
        changes.addresses_ended.append((standing.id, max(on, standing.from_on)))
    if area:
        changes.addresses.append((uuid.uuid4(), household.id, area, on))


def _leave_elsewhere(
    moved_in: set[uuid.UUID], ids: dict[str | None, uuid.UUID], standing: Standing, changes: Changes, on: datetime.date
) -> None:
    """Nobody is registered twice: whoever appears in another register household has left the former one."""
    joining = {row[2]: row[1] for row in changes.members}
    leaving = {row[0] for row in changes.left}
    for person in moved_in:
        row = standing.elsewhere.get(person)
        if row and person in joining and joining[person] != row.household_id and row.id not in leaving:
            changes.left.append((row.id, max(on, row.from_on)))


@transaction.atomic
def form_unit(
    *,
    actor: Actor,
    at: datetime.datetime,
    members: Sequence[tuple[uuid.UUID, str]],
    head: uuid.UUID | None,
    area_code: str,
    on: datetime.date,
    origin: str,
    number: str | None = None,
) -> Household:
    """One assistance unit 共同生活的家庭成员. Its head may be uncounted or no member."""
    if not members:
        raise Refused("registry.unit_without_members", _("共同生活家庭至少要有一名成员。请填写成员后再提交。"))
    formed = form_units(
        actor=actor, at=at, units=[NewHousehold(number, area_code, head, tuple(members))], on=on, origin=origin
    )
    return Household.objects.get(pk=formed.ids[0])


@transaction.atomic
def form_units(
    *, actor: Actor, at: datetime.datetime, units: Sequence[NewHousehold], on: datetime.date, origin: str
) -> Formed:
    """Many assistance units at once; each is new."""
    changes = Changes()
    ids = tuple(changes.found("unit", given, on, origin) for given in units)
    changes.write()
    _give_areas(units)
    subjects = [("household", str(key)) for key in ids] if len(ids) <= 10 else []
    record_act(
        actor=actor, verb="registry.form_units", subjects=subjects, at=at, before=None, after=None,
        reason=origin, count=len(ids),
    )  # fmt: skip
    return Formed(ids, created=len(ids))


def _give_areas(units: Sequence[NewHousehold]) -> None:
    """Members no register has placed yet are where their unit is, so that somebody's area covers them."""
    area_of = {person: unit.area_code for unit in units for person, _relation in unit.members if unit.area_code}
    for part in chunks(list(area_of)):
        unplaced = Person.objects.filter(pk__in=part, area_code="").values_list("pk", flat=True)
        update_rows(Person, ["id", "area_code"], [(key, area_of[key]) for key in unplaced])
