"""Whose head and area a unit has: the register's for the household named, and nothing guessed."""

from __future__ import annotations

import datetime
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

from doudi.cases.logic.entries import RegisterView, as_text, place_unit
from doudi.cases.queries.register import as_of

A, B, C, HOUSE = (UUID(int=n) for n in (1, 2, 3, 9))
NOBODY: frozenset[UUID] = frozenset()


def view(head: UUID | None = C, area: str = "990101001001", later: bool = False) -> RegisterView:
    return RegisterView(HOUSE, head, area, {A: "妻", C: "户主"}, later)


def test_the_register_head_is_the_units_even_if_no_member() -> None:
    placed = place_unit((A, B), view(), NOBODY, named=True)
    assert (placed.head, placed.area_code, placed.problems) == (C, "990101001001", ())
    assert placed.members == ((A, "妻"), (B, ""))


def test_an_unknown_household_leaves_head_and_area_unknown() -> None:
    placed = place_unit((A,), None, NOBODY, named=True)
    assert (placed.head, placed.area_code, placed.problems) == (None, "", ("cases.household_unknown",))
    assert place_unit((A,), None, NOBODY, named=False).problems == ("cases.household_not_given",)


def test_a_register_that_says_something_else_is_not_overruled() -> None:
    placed = place_unit((B,), view(), frozenset({B}), named=True)
    assert (placed.head, placed.area_code, placed.problems) == (None, "", ("cases.household_disagrees",))


def test_members_the_register_does_not_know_do_not_contradict_it() -> None:
    assert place_unit((B,), view(), NOBODY, named=True).head == C
    assert place_unit((A, B), view(), frozenset({B}), named=True).head == C


def test_what_the_register_lacks_is_named() -> None:
    placed = place_unit((A,), view(None, "", later=True), NOBODY, named=True)
    assert placed.problems == ("cases.head_unknown", "cases.address_unknown", "cases.register_later")


def test_rows_hold_on_a_day_or_are_those_the_register_begins_with() -> None:
    def row(begin: int, end: int | None) -> SimpleNamespace:
        last = datetime.date(2026, 7, end) if end else None
        return SimpleNamespace(from_on=datetime.date(2026, 7, begin), to_on=last)

    first, second = row(5, 10), row(10, None)
    assert as_of([first, second], datetime.date(2026, 7, 9)) == [first]
    assert as_of([first, second], datetime.date(2026, 7, 10)) == [second]
    assert as_of([first, second], datetime.date(2026, 7, 1)) == [first]
    assert as_of([first], datetime.date(2026, 7, 12)) == []


def test_declared_values_have_one_text() -> None:
    assert as_text(None) is None
    assert as_text(Decimal("1E+2")) == "100"
    assert as_text(True) == "true"
    assert as_text(datetime.date(2026, 7, 1)) == "2026-07-01"
    assert as_text("有") == "有"
