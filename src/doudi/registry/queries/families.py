"""Households as of a day: members, head, address, labels; and the page of one household."""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from doudi.registry.logic.batches import chunks
from doudi.registry.models import Address, Declaration, Headship, Household, Label, Membership, Obligation


def holds_on(on: datetime.date) -> Q:
    """Periods that hold on a day."""
    return Q(from_on__lte=on) & (Q(to_on__isnull=True) | Q(to_on__gt=on))


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member as shown: number masked."""

    person_id: uuid.UUID
    name: str
    number_masked: str
    sex: str
    born_on: datetime.date | None
    hukou_type: str
    state: str
    relation: str
    is_head: bool
    born_year: int | None = None
    """The year alone, where the day is not for the reader."""


@dataclass(frozen=True, slots=True)
class HouseholdPage:
    """Everything the registry knows of one household on a day."""

    id: uuid.UUID
    kind: str
    number: str | None
    area_code: str
    head: MemberLine | None
    members: tuple[MemberLine, ...]
    labels: tuple[Label, ...]
    addresses: tuple[Address, ...]
    declarations: tuple[Declaration, ...]
    obligations: tuple[Obligation, ...]
    ended_on: datetime.date | None
    succeeded_by: uuid.UUID | None


def members(household: uuid.UUID, on: datetime.date) -> QuerySet[Membership]:
    """Memberships of a household on a day, the person loaded, in the order given."""
    rows = Membership.objects.filter(holds_on(on), household_id=household).select_related("person")
    return rows.order_by("from_on", "seq", "id")


def members_of(households: Iterable[uuid.UUID], on: datetime.date) -> dict[uuid.UUID, list[Membership]]:
    """Memberships of many households on a day."""
    found: dict[uuid.UUID, list[Membership]] = defaultdict(list)
    for part in chunks(list(households)):
        rows = Membership.objects.filter(holds_on(on), household_id__in=part).select_related("person")
        for row in rows.order_by("household_id", "from_on", "seq", "id"):
            found[row.household_id].append(row)
    return dict(found)


def household_by_number(number: str, kind: str = "hukou") -> Household | None:
    """The household with a number in the register (or a unit's own)."""
    return Household.objects.filter(number=number, kind=kind).select_related("head").first()


def head_on(household: uuid.UUID, on: datetime.date) -> uuid.UUID | None:
    """Who was head on a day."""
    return Headship.objects.filter(holds_on(on), household_id=household).values_list("person_id", flat=True).first()


def address_on(household: uuid.UUID, on: datetime.date) -> str | None:
    """Area code of a household on a day."""
    return Address.objects.filter(holds_on(on), household_id=household).values_list("area_code", flat=True).first()


def labels_on(household: uuid.UUID, on: datetime.date) -> QuerySet[Label]:
    """Labels of a household that hold on a day."""
    return Label.objects.filter(holds_on(on), household_id=household).order_by("code", "from_on")


def households_of(person: uuid.UUID, on: datetime.date) -> QuerySet[Household]:
    """Households somebody belongs to on a day, units first."""
    rows = Membership.objects.filter(holds_on(on), person_id=person).values("household_id")
    return Household.objects.filter(pk__in=rows).order_by("-kind", "formed_on")


def household_page(household: uuid.UUID, on: datetime.date) -> HouseholdPage:
    """The page of a household as of a day. Raises Household.DoesNotExist; who may see it is asked in `access`."""
    found = Household.objects.select_related("head").get(pk=household)
    head = Headship.objects.filter(holds_on(on), household_id=household).select_related("person").first()
    lines = [_line(row, head) for row in members(household, on)]
    lines.sort(key=lambda line: not line.is_head)
    people = [line.person_id for line in lines]
    obligations = Obligation.objects.filter(holds_on(on)).filter(Q(person_id__in=people) | Q(obligor_id__in=people))
    return HouseholdPage(
        id=found.id,
        kind=found.kind,
        number=found.number,
        area_code=address_on(household, on) or found.area_code,
        head=_head_line(head, lines),
        members=tuple(lines),
        labels=tuple(Label.objects.filter(Q(household_id=household) | Q(person_id__in=people)).order_by("-from_on")),
        addresses=tuple(Address.objects.filter(household_id=household).order_by("-from_on")),
        declarations=_declarations(household, people, on),
        obligations=tuple(obligations.select_related("obligor", "person")),
        ended_on=found.ended_on,
        succeeded_by=found.succeeded_by_id,
    )


def _declarations(household: uuid.UUID, people: list[uuid.UUID], on: datetime.date) -> tuple[Declaration, ...]:
    rows = Declaration.objects.filter(Q(household_id=household) | Q(person_id__in=people), said_on__lte=on)
    return tuple(rows.order_by("-said_on", "-recorded_at", "fact").select_related("said_by", "person"))


def _line(row: Membership, head: Headship | None) -> MemberLine:
    person = row.person
    return MemberLine(
        person_id=person.id,
        name=person.name,
        number_masked=person.number_masked,
        sex=person.sex,
        born_on=person.born_on,
        hukou_type=person.hukou_type,
        state=person.state,
        relation=row.relation,
        is_head=head is not None and head.person_id == person.id,
    )


def _head_line(head: Headship | None, lines: list[MemberLine]) -> MemberLine | None:
    """The head among the members, or a line of its own if the head is no member."""
    if head is None:
        return None
    for line in lines:
        if line.is_head:
            return line
    return _line(Membership(person=head.person, relation=""), head)
