"""Days and months by our own definitions."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from doudi.lib.months import add_months, age_on, full_months_between, month_of, months_before, same_month

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
COUNTS = st.integers(-1200, 1200)


@given(DAYS, st.integers(0, 1000))
def test_adding_months_lands_in_that_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day and (later.day == day.day or (later + timedelta(days=1)).day == 1)


@given(DAYS, st.integers(0, 600))
def test_back_and_forth_by_months_of_the_first_day(day: date, months: int) -> None:
    first = month_of(day)
    assert add_months(months_before(first, months), months) == first
    assert full_months_between(months_before(first, months), first) == months


@given(DAYS, DAYS)
def test_full_months_never_overshoot(start: date, end: date) -> None:
    if start <= end:
        months = full_months_between(start, end)
        assert months >= 0 and add_months(start, months) <= end < add_months(start, months + 1) + timedelta(days=4)


@given(DAYS, st.integers(0, 60))
def test_a_year_is_full_on_the_birthday(born: date, years: int) -> None:
    if (born.month, born.day) == (2, 29):
        return
    birthday = born.replace(year=born.year + years)
    assert age_on(born, birthday) == years
    assert age_on(born, birthday - timedelta(days=1)) == years - 1


def test_those_born_on_a_leap_day_are_older_on_the_first_of_march() -> None:
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


def test_the_last_day_of_january_and_february() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert full_months_between(date(2026, 1, 31), date(2026, 2, 28)) == 0


@given(DAYS)
def test_a_day_is_of_its_own_month(day: date) -> None:
    assert same_month(day, month_of(day)) and not same_month(day, add_months(day, 1))
