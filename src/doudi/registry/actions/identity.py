"""Changes of who somebody is: a new name, a corrected number, two records that are one person, a bank account."""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Refused
from doudi.core.row_context import everywhere
from doudi.core.vault import vault
from doudi.registry.actions.people import deal_in, write_names
from doudi.registry.logic import names, numbers
from doudi.registry.models import (
    BankAccount,
    DealtIn,
    Declaration,
    Headship,
    Household,
    Label,
    Membership,
    NameRow,
    Obligation,
    ObligorStatement,
    Person,
    PersonKey,
)
from doudi.registry.queries.beyond import registered_as


@transaction.atomic
def rename_person(
    *, actor: Actor, at: datetime.datetime, person: uuid.UUID, name: str, on: datetime.date, reason: str
) -> Person:
    """Change somebody's name from a day on; the former name stays on record."""
    found = Person.objects.select_for_update().get(pk=person)
    spelled = names.normalised_name(name)
    if not spelled:
        raise Refused("registry.name_missing", _("没有写新的姓名。请填写户口簿上的姓名。"))
    before = found.name
    write_names([(found, spelled)], on)
    found.refresh_from_db()
    _record("registry.rename_person", actor, at, [found.id], reason, before.encode(), spelled.encode())
    return found


@transaction.atomic
def correct_number(*, actor: Actor, at: datetime.datetime, person: uuid.UUID, number: str, reason: str) -> Person:
    """Replace a wrong number (normalised). The old lake key stays with the person, the new one is added."""
    found = Person.objects.select_for_update().get(pk=person)
    safe = vault()
    index = safe.blind_index(numbers.NUMBER_INDEX, number)
    if any(row.id != found.pk for row in registered_as([number]).values()):
        raise Refused("registry.number_taken", _("这个证号已登记在另一个人名下。如果是同一个人，请合并两份记录。"))
    found.number_enc = safe.encrypt(numbers.number_context(found.id), number.encode())
    found.number_index = index
    found.number_masked = numbers.masked_number(number)
    found.sex, found.born_on = numbers.sex(number), numbers.born_on(number)
    found.save(update_fields=["number_enc", "number_index", "number_masked", "sex", "born_on"])
    PersonKey.objects.get_or_create(key=safe.person_key(number), defaults={"person": found, "since": at})
    _record("registry.correct_number", actor, at, [found.id], reason)
    return found


@transaction.atomic
def merge_persons(*, actor: Actor, at: datetime.datetime, kept: uuid.UUID, duplicate: uuid.UUID, reason: str) -> Person:
    """Two records are one person: keys, memberships and statements go to the one kept; the duplicate points at it."""
    pair = {item.id: item for item in Person.objects.select_for_update().filter(pk__in=[kept, duplicate])}
    one, other = pair[kept], pair[duplicate]
    if one.merged_into_id or other.merged_into_id:
        raise Refused("registry.already_merged", _("其中一份记录已经并入别的记录。请打开保留的那一份再合并。"))
    if one.born_on and other.born_on and one.born_on != other.born_on:
        raise Refused("registry.different_births", _("两份记录的出生日期不同，不能合并。请先核实证号。"))
    with everywhere("what is known of somebody in any area goes to the record that is kept"):
        _move(one, other, at.date())
    _record("registry.merge_persons", actor, at, [one.id, other.id], reason)
    return one


def _move(one: Person, other: Person, on: datetime.date) -> None:
    PersonKey.objects.filter(person=other).update(person=one)
    _move_memberships(one, other, on)
    _move_statements(one, other, on)
    Headship.objects.filter(person=other).update(person=one)
    BankAccount.objects.filter(person=other).update(person=one)
    Household.objects.filter(head=other).update(head=one)
    NameRow.objects.filter(person=other).delete()
    for area in DealtIn.objects.filter(person=other).values_list("area_code", flat=True):
        deal_in([one.id], area)
    other.merged_into = one
    other.save(update_fields=["merged_into"])


def _move_memberships(one: Person, other: Person, on: datetime.date) -> None:
    """Open memberships both have (or two register households) close for the duplicate, all others move."""
    held = Membership.objects.filter(person=one, to_on__isnull=True)
    households = set(held.values_list("household_id", flat=True))
    has_hukou = held.filter(kind="hukou").exists()
    for row in Membership.objects.filter(person=other):
        twice = row.household_id in households or (row.kind == "hukou" and has_hukou)
        if row.to_on is None and twice:
            row.to_on = max(on, row.from_on)
        row.person = one
        row.save(update_fields=["person", "to_on"])


def _move_statements(one: Person, other: Person, on: datetime.date) -> None:
    """Labels and obligations both have end for the duplicate on that day, so that each still holds once."""
    for label in Label.objects.filter(person=other):
        if label.to_on is None and Label.objects.filter(person=one, code=label.code, to_on__isnull=True).exists():
            label.to_on = max(on, label.from_on)
        label.person = one
        label.save(update_fields=["person", "to_on"])
    for side, across in (("obligor", "person"), ("person", "obligor")):
        for owed in Obligation.objects.filter(**{side: other}).exclude(**{across: one}):
            same = {side: one, across: getattr(owed, across), "kind": owed.kind, "to_on__isnull": True}
            if owed.to_on is None and Obligation.objects.filter(**same).exists():
                owed.to_on = max(on, owed.from_on)
            setattr(owed, side, one)
            owed.save(update_fields=[side, "to_on"])
    for said in (Declaration, ObligorStatement):
        said.objects.filter(person=other).update(person=one)
        said.objects.filter(said_by=other).update(said_by=one)


@transaction.atomic
def add_bank_account(
    *, actor: Actor, at: datetime.datetime, person: uuid.UUID, bank: str, number: str, from_on: datetime.date
) -> BankAccount:
    """Record an account; its number is encrypted and shown masked."""
    safe, key = vault(), uuid.uuid4()
    digits = "".join(number.split())
    made = BankAccount.objects.create(
        id=key,
        person_id=person,
        bank=bank,
        number_enc=safe.encrypt(f"registry_bankaccount|number|{key}", digits.encode()),
        number_index=safe.blind_index("registry_bankaccount.number", digits),
        number_masked=numbers.masked_account(digits),
        from_on=from_on,
    )
    _record("registry.add_bank_account", actor, at, [person], "")
    return made


def _record(
    verb: str,
    actor: Actor,
    at: datetime.datetime,
    persons: list[uuid.UUID],
    reason: str,
    before: bytes | None = None,
    after: bytes | None = None,
) -> None:
    subjects = [("person", str(item)) for item in persons]
    record_act(actor=actor, verb=verb, subjects=subjects, at=at, before=before, after=after, reason=reason)
