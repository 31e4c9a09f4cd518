"""Dates: days and months of Shanghai, our own functions only, the same in both renderings."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.engine.small import household, table

D = date.fromisoformat
FUNCTIONS = {
    "age#": "age_on(household.d, household.e)",
    "whole#": "full_months_between(household.d, household.e)",
    "before@": "months_before(household.d, 1)",
    "after@": "add_months(household.d, 1)",
    "year@": "add_months(household.d, 12)",
    "same?": "same_month(household.d, household.e)",
    "later?": "household.d < household.e",
}


def functions(first: str | None, second: str | None) -> dict[str, Any]:
    units = {"age": "years", "whole": "months"}
    case = household({"d": D(first) if first else None, "e": D(second) if second else None})
    return table(FUNCTIONS, [case], units=units)[0]


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("1956-07-10", "2026-07-09", 69), ("1956-07-10", "2026-07-10", 70), ("1956-07-10", "2026-07-11", 70),
        ("2008-02-29", "2026-02-28", 17), ("2008-02-29", "2026-03-01", 18), ("2008-02-29", "2028-02-28", 19),
        ("2008-02-29", "2028-02-29", 20), ("2026-07-10", "2026-07-10", 0), ("1900-12-31", "2026-01-01", 125),
    ],
)  # fmt: skip
def test_a_birthday_counts_on_the_day_and_29_february_on_1_march(born: str, day: str, age: int) -> None:
    assert functions(born, day)["age"] == age


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-01-31", "2026-02-28", 0), ("2026-01-31", "2026-03-31", 2), ("2026-01-31", "2026-03-30", 1),
        ("2026-01-15", "2026-01-14", -1), ("2025-07-10", "2026-07-10", 12), ("2025-07-11", "2026-07-10", 11),
        ("2024-02-29", "2025-02-28", 11), ("2024-02-29", "2025-03-01", 12), ("2026-03-31", "2026-01-31", -2),
    ],
)  # fmt: skip
def test_a_month_is_full_when_its_day_number_is_reached(start: str, end: str, months: int) -> None:
    assert functions(start, end)["whole"] == months


@pytest.mark.parametrize(
    ("day", "before", "after", "year"),
    [
        ("2026-03-31", "2026-02-28", "2026-04-30", "2027-03-31"),
        ("2024-02-29", "2024-01-29", "2024-03-29", "2025-02-28"),
        ("2026-01-31", "2025-12-31", "2026-02-28", "2027-01-31"),
        ("2024-03-31", "2024-02-29", "2024-04-30", "2025-03-31"),
        ("2026-12-01", "2026-11-01", "2027-01-01", "2027-12-01"),
    ],
)
def test_months_are_added_and_taken_off_to_the_same_day_or_the_last_of_the_month(
    day: str, before: str, after: str, year: str
) -> None:
    got = functions(day, "2026-01-01")
    assert (got["before"], got["after"], got["year"]) == (D(before), D(after), D(year))


def test_same_month_needs_the_same_year_too() -> None:
    assert functions("2026-07-01", "2026-07-31")["same"] is True
    assert functions("2025-07-01", "2026-07-01")["same"] is False
    assert functions("2026-07-31", "2026-08-01")["same"] is False


def test_an_unknown_day_makes_everything_of_it_unknown() -> None:
    got = functions(None, "2026-07-10")
    assert got == {"age": None, "whole": None, "before": None, "after": None, "year": None, "same": None, "later": None}
    got = functions("2026-07-10", None)
    assert (got["age"], got["same"], got["later"], got["before"]) == (None, None, None, D("2026-06-10"))


def test_as_of_is_the_day_of_the_case_and_may_stand_in_a_where() -> None:
    rows = [{"day": "2026-07-09"}, {"day": "2026-07-10"}, {"day": "2026-07-11"}]
    formulas = {"until#": "count(row where row.day <= as_of)", "month?": "month_of(as_of) = household.m"}
    case = household({"m": "2026-07"}, {"rows": {"row": rows}})
    assert table(formulas, [case])[0] == {"until": 2, "month": True}
    earlier = household({"m": "2026-07"}, {"rows": {"row": rows}}, as_of=D("2026-06-30"))
    assert table(formulas, [earlier])[0] == {"until": 0, "month": False}
