"""Rows of the household register and of a ledger become people and families; nobody is found by name."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal

from doudi.engine.feeds import Column, Feed
from doudi.matching.logic.registering import (
    NamedRow,
    canonical,
    families_of_ledger,
    households_of_register,
    people_of_ledger,
    people_of_register,
)

DAY = datetime.date(2026, 6, 30)


def row(number: str, relation: str, area: str = "990101001001", household: str = "YX1") -> NamedRow:
    values = {"household_no": household, "relation": relation, "area": area, "hukou_type": "农村", "state": "正常"}
    return NamedRow(number, f"某{number}", (), values)


def test_a_household_has_the_head_and_area_its_rows_say() -> None:
    rows = [row("1", "户主"), row("2", "配偶", "990101001002"), row("1", "户主")]
    ids = {number: uuid.uuid4() for number in "12"}
    (household,) = households_of_register(rows, ids)
    assert (household.number, household.area_code, household.head) == ("YX1", "990101001001", ids["1"])
    assert household.members == ((ids["1"], "户主"), (ids["2"], "配偶"))
    assert [person.number for person in people_of_register(rows)] == ["1", "2"]


def test_a_household_whose_heads_row_waits_has_no_head() -> None:
    ids = {number: uuid.uuid4() for number in "23"}
    (agreed,) = households_of_register([row("2", "配偶"), row("3", "子女")], ids)
    assert (agreed.head, agreed.area_code) == (None, "990101001001")
    (apart,) = households_of_register([row("2", "配偶"), row("3", "子女", "990101001009")], ids)
    assert apart.area_code == ""


def test_two_people_who_both_say_they_are_head_leave_it_open() -> None:
    ids = {number: uuid.uuid4() for number in "12"}
    (household,) = households_of_register([row("1", "户主"), row("2", "户主")], ids)
    assert household.head is None


def test_a_ledger_row_is_one_family_with_all_it_names() -> None:
    values = {"area": "990101001001", "amount": Decimal("315.00"), "from_month": datetime.date(2025, 9, 1)}
    ledger = NamedRow("1", "甲", (("1", "甲"), ("2", "乙")), values)
    (family,) = families_of_ledger([ledger], DAY)
    assert (family.head, family.members, family.amount, family.from_on.month) == ("1", ("1", "2"), Decimal("315.00"), 9)
    assert [(person.number, person.name) for person in people_of_ledger([ledger])] == [("1", "甲"), ("2", "乙")]


def test_a_ledger_row_without_members_is_the_head_alone() -> None:
    (family,) = families_of_ledger([NamedRow("1", "甲", (), {})], DAY)
    assert (family.members, family.from_on, family.amount) == (("1",), DAY, None)


def test_a_ledgers_columns_are_read_by_their_type() -> None:
    label = {"zh": "列", "en": "column"}
    kinds = {"head_no": "identity_number", "village": "area", "monthly": "money", "since": "month", "members": "text"}
    columns = tuple(
        Column(name, (name,), kind, label, label, role="people" if name == "members" else None)
        for name, kind in kinds.items()
    )
    feed = Feed("f", "dibao_ledger", "d", label, label, "recipients", ("*",), "xlsx", columns, ())
    row = {"village": "990101001001", "monthly": Decimal("1.00"), "since": DAY}
    assert {k: v for k, v in canonical(feed, row).items() if k in ("area", "amount", "from_month")} == {
        "area": "990101001001",
        "amount": Decimal("1.00"),
        "from_month": DAY,
    }
