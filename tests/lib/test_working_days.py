"""Working days by a table of holidays: the first day is not counted, unpublished years are never silent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.lib.working_days import (
    DueDay,
    Holidays,
    add_working_days,
    day_of,
    is_working_day,
    working_days_after,
)

# National Day 2026 as published: seven days off, two Saturdays or Sundays worked
TABLE = Holidays(
    days_off=frozenset(date(2026, 10, day) for day in range(1, 8)),
    days_worked=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    years=frozenset({2026}),
)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


def test_weekends_and_holidays_are_off_and_weekends_made_up_are_worked() -> None:
    assert not is_working_day(date(2026, 9, 26), TABLE)
    assert not is_working_day(date(2026, 10, 2), TABLE)
    assert is_working_day(date(2026, 10, 10), TABLE)
    assert is_working_day(date(2026, 9, 30), TABLE)


def test_the_first_working_day_is_the_one_after_the_beginning() -> None:
    assert add_working_days(date(2026, 7, 6), 1, TABLE).day == date(2026, 7, 7)
    assert add_working_days(date(2026, 7, 10), 1, TABLE).day == date(2026, 7, 13)
    assert add_working_days(date(2026, 7, 11), 0, TABLE).day == date(2026, 7, 11)


def test_a_period_over_national_day_is_longer() -> None:
    assert add_working_days(date(2026, 9, 30), 3, TABLE) == DueDay(date(2026, 10, 10), True)
    assert working_days_after(date(2026, 9, 30), date(2026, 10, 10), TABLE).days == 3


def test_a_year_without_published_holidays_is_said_to_be_uncertain() -> None:
    assert add_working_days(date(2026, 12, 1), 30, TABLE).is_certain is False
    assert working_days_after(date(2026, 12, 30), date(2027, 1, 4), TABLE).is_certain is False
    assert working_days_after(date(2026, 12, 1), date(2026, 12, 31), TABLE).is_certain is True


def test_days_cannot_be_counted_backwards_by_adding() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 7, 1), -1, TABLE)


def test_the_day_of_an_instant_is_the_one_in_shanghai() -> None:
    assert day_of(datetime(2026, 7, 1, 16, 30, tzinfo=UTC)) == date(2026, 7, 2)
    assert day_of(datetime(2026, 7, 1, 15, 59)) == date(2026, 7, 1)  # noqa: DTZ001


@given(start=DAYS, days=st.integers(0, 90))
def test_adding_and_counting_agree(start: date, days: int) -> None:
    due = add_working_days(start, days, TABLE)
    assert working_days_after(start, due.day, TABLE).days == days
    assert days == 0 or is_working_day(due.day, TABLE)


@given(start=DAYS, first=st.integers(0, 300), second=st.integers(0, 300))
def test_counts_of_parts_add_up(start: date, first: int, second: int) -> None:
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    whole = working_days_after(start, end, TABLE).days
    assert whole == working_days_after(start, middle, TABLE).days + working_days_after(middle, end, TABLE).days


@given(start=DAYS, end=DAYS)
def test_counting_back_is_counting_forward_with_a_minus(start: date, end: date) -> None:
    assert working_days_after(start, end, TABLE).days == -working_days_after(end, start, TABLE).days


@given(start=DAYS, end=DAYS)
def test_counting_is_what_trying_every_day_gives(start: date, end: date) -> None:
    odd = Holidays(TABLE.days_off | {date(2026, 10, 10), date(2026, 5, 2)}, TABLE.days_worked | {date(2026, 5, 4)})
    for table in (TABLE, odd, Holidays()):
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        if end >= start:
            assert working_days_after(start, end, table).days == sum(is_working_day(day, table) for day in days)
