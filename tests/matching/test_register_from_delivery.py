"""A household register and a ledger as delivered become people, households and labels, however often they come."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal

import pytest

from doudi.core.actor import Actor
from doudi.core.errors import Refused
from doudi.matching.actions import register_from_delivery, registering
from doudi.matching.logic.registering import NamedRow
from doudi.matching.queries.named_rows import Register
from doudi.registry.models import Household, Label, Membership, Person
from doudi.registry.queries import household_by_number, person_by_number
from tests.registry.conftest import AT, number

pytestmark = pytest.mark.django_db
CUTOFF = datetime.date(2026, 6, 30)
HEAD, WIFE, STRANGER = number("19800101", 1), number("19810101", 2), number("20100101", 3)


def deliver(monkeypatch: pytest.MonkeyPatch, kind: str, rows: list[NamedRow], label: str = "") -> uuid.UUID:
    register = Register("feed", kind, label, CUTOFF, waiting=1)
    monkeypatch.setattr(registering, "register_of", lambda _delivery: register)
    monkeypatch.setattr(registering, "named_rows", lambda _delivery: rows)
    return uuid.uuid4()


def hukou(no: str, name: str, relation: str, state: str = "正常") -> NamedRow:
    values = {"household_no": "YX1", "relation": relation, "area": "990101001001", "hukou_type": "农村", "state": state}
    return NamedRow(no, name, (), values)


def ledger() -> NamedRow:
    values = {"area": "990101001001", "amount": Decimal("315.00"), "from_month": datetime.date(2025, 9, 1)}
    return NamedRow(HEAD, "甲一", ((HEAD, "甲一"), (STRANGER, "丙三")), values)


def test_the_register_makes_people_and_dated_households(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = deliver(
        monkeypatch, "register", [hukou(HEAD, "甲 一", "户主"), hukou(WIFE, "乙二", "配偶", "注销-死亡")]
    )
    report = register_from_delivery(actor=actor, at=AT, delivery=delivery)
    assert (report.people_created, report.households_created, report.waiting) == (2, 1, 1)
    household = household_by_number("YX1")
    assert household is not None
    assert household.head == person_by_number(HEAD)
    assert (household.area_code, household.formed_on) == ("990101001001", CUTOFF)
    assert set(Membership.objects.values_list("relation", flat=True)) == {"户主", "配偶"}
    again = register_from_delivery(actor=actor, at=AT, delivery=delivery)
    assert (again.people_created, again.people_changed, again.households_created, again.households_changed) == (
        0,
        0,
        0,
        0,
    )


def test_the_ledger_makes_recipients_with_a_dated_label(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    register_from_delivery(actor=actor, at=AT, delivery=deliver(monkeypatch, "register", [hukou(HEAD, "甲一", "户主")]))
    delivery = deliver(monkeypatch, "ledger", [ledger()], "dibao")
    report = register_from_delivery(actor=actor, at=AT, delivery=delivery)
    assert (report.people_created, report.households_created, report.labels) == (1, 1, 1)
    label = Label.objects.get()
    assert (label.code, label.amount, label.origin) == ("dibao", Decimal("315.00"), "feed")
    assert label.from_on == datetime.date(2025, 9, 1)
    unit = Household.objects.get(kind="unit")
    assert label.household == unit
    assert unit.head == person_by_number(HEAD)
    again = register_from_delivery(actor=actor, at=AT, delivery=delivery)
    assert (again.people_created, again.households_created, again.labels) == (0, 0, 0)


def test_a_ledger_does_not_change_what_the_register_said_of_a_name(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    register_from_delivery(actor=actor, at=AT, delivery=deliver(monkeypatch, "register", [hukou(HEAD, "甲壹", "户主")]))
    register_from_delivery(actor=actor, at=AT, delivery=deliver(monkeypatch, "ledger", [ledger()], "dibao"))
    assert set(Person.objects.values_list("name", flat=True)) == {"甲壹", "丙三"}


def test_a_list_that_is_no_register_is_refused(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match=r"matching\.not_a_register"):
        register_from_delivery(actor=actor, at=AT, delivery=deliver(monkeypatch, "", []))
    assert Person.objects.count() == 0
