"""The register from a delivery: people and households of the register, families of a ledger as existing recipients."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Refused
from doudi.matching.logic.registering import (
    LedgerFamily,
    NamedRow,
    families_of_ledger,
    households_of_register,
    people_of_ledger,
    people_of_register,
)
from doudi.matching.queries.named_rows import Register, named_rows, register_of
from doudi.registry.actions import (
    form_hukou_households,
    form_units,
    refresh_statistics,
    register_people,
    set_labels,
)
from doudi.registry.logic.newcomers import NewHousehold, NewLabel
from doudi.registry.models import Label, Membership
from doudi.registry.queries import persons_by_numbers


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """What a delivery brought to the registry; `waiting` rows had no usable number and stay with sources."""

    feed: str
    people_created: int
    people_changed: int
    households_created: int
    households_changed: int
    labels: int
    waiting: int


@transaction.atomic
def register_from_delivery(*, actor: Actor, at: datetime.datetime, delivery: uuid.UUID) -> RegisterReport:
    """Take people and families of an accepted delivery into the registry. The same delivery again changes nothing."""
    report = _taken(actor, at, delivery)
    record_act(
        actor=actor, verb="matching.register_from_delivery", subjects=[("delivery", str(delivery))], at=at,
        count=report.people_created + report.people_changed,
    )  # fmt: skip
    refresh_statistics(report.people_created + report.people_changed)
    return report


def _taken(actor: Actor, at: datetime.datetime, delivery: uuid.UUID) -> RegisterReport:
    register = register_of(delivery)
    rows = named_rows(delivery)
    if register.kind == "register":
        return _household_register(actor, at, register, rows)
    if register.kind == "ledger":
        return _ledger(actor, at, register, rows)
    raise Refused("matching.not_a_register", _("这份交付不是户籍，也不是台账，不登记人员。"), feed=register.feed)


def _household_register(
    actor: Actor, at: datetime.datetime, register: Register, rows: Sequence[NamedRow]
) -> RegisterReport:
    people = register_people(actor=actor, at=at, people=people_of_register(rows), origin=register.feed)
    households = households_of_register(rows, people.ids)
    formed = form_hukou_households(actor=actor, at=at, households=households, on=register.as_of, origin=register.feed)
    return RegisterReport(
        register.feed, people.created, people.changed, formed.created, formed.changed, 0, register.waiting
    )


def _ledger(actor: Actor, at: datetime.datetime, register: Register, rows: Sequence[NamedRow]) -> RegisterReport:
    """Families of a ledger are assistance units with a label; a head who already has such a unit keeps it."""
    listed = people_of_ledger(rows)
    known = persons_by_numbers([item.number for item in listed])
    strangers = [item for item in listed if item.number not in known]
    people = register_people(actor=actor, at=at, people=strangers, origin=register.feed)
    ids = people.ids | {number: person.id for number, person in known.items()}
    families = families_of_ledger(rows, register.as_of)
    units = _units_of([ids[family.head] for family in families], register.label)
    new = [family for family in families if ids[family.head] not in units]
    formed = form_units(
        actor=actor, at=at, units=[_unit(family, ids) for family in new], on=register.as_of, origin=register.feed
    )
    units |= dict(zip((ids[family.head] for family in new), formed.ids, strict=True))
    labels = [
        NewLabel(register.label, family.from_on, register.feed, household=units[ids[family.head]], amount=family.amount)
        for family in families
    ]
    written = set_labels(actor=actor, at=at, labels=labels, reason=register.feed)
    return RegisterReport(register.feed, people.created, people.changed, formed.created, 0, written, register.waiting)


def _unit(family: LedgerFamily, ids: Mapping[str, uuid.UUID]) -> NewHousehold:
    head = ids[family.head]
    members = tuple((ids[number], "户主" if number == family.head else "") for number in family.members)
    return NewHousehold(number=None, area_code=family.area_code, head=head, members=members)


def _units_of(heads: Sequence[uuid.UUID], label: str) -> dict[uuid.UUID, uuid.UUID]:
    """Units that carry the label, by each of their members who is a head in the ledger."""
    labelled = Label.objects.filter(code=label, to_on__isnull=True, household__isnull=False).values("household_id")
    rows = Membership.objects.filter(household_id__in=labelled, person_id__in=heads, to_on__isnull=True, kind="unit")
    return dict(rows.values_list("person_id", "household_id"))
