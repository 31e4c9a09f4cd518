"""Functions of days over arrays, with a calendar of 400 years looked up instead of worked out."""

from __future__ import annotations

from typing import Any

import numpy as np

from doudi.engine.backends.arrays import Day, Number, TooWide, Truth, either, truth

_FIRST, _LAST = np.datetime64("1800-01-01"), np.datetime64("2200-01-01")
_DAYS = np.arange(_FIRST, _LAST)
_MONTHS = _DAYS.astype("datetime64[M]")
_COUNT = (_MONTHS.astype(np.int32) + 1970 * 12).astype(np.int32)
"""Months since the year 0, by day."""
_OF_MONTH = ((_DAYS - _MONTHS.astype("datetime64[D]")).astype(np.int32) + 1).astype(np.int32)
_ZERO = int(_FIRST.astype(np.int32))
_STARTS = np.arange("1800-01", "2200-02", dtype="datetime64[M]").astype("datetime64[D]").astype(np.int32)
_FIRST_MONTH = 1800 * 12


def _place(days: Any) -> Any:
    places = days - _ZERO
    if np.size(places) and (np.min(places) < 0 or np.max(places) >= len(_DAYS)):
        raise TooWide("a day outside the calendar")
    return places


def _month(days: Any) -> Any:
    return _COUNT[_place(days)]


def _day_of_month(days: Any) -> Any:
    return _OF_MONTH[_place(days)]


def _number(value: Any, *sides: Day) -> Number:
    return Number(np.asarray(value).astype(np.int64)[()], 0, either(*(side.u for side in sides)), 400 * 12)


def age_on(born: Day, day: Day) -> Number:
    """Whole years; a birthday reached counts."""
    months = _month(day.v) - _month(born.v) - (_day_of_month(day.v) < _day_of_month(born.v))
    return _number(months // 12, born, day)


def full_months_between(start: Day, end: Day) -> Number:
    """Whole months; a day of the month reached counts."""
    months = _month(end.v) - _month(start.v) - (_day_of_month(end.v) < _day_of_month(start.v))
    return _number(months, start, end)


def shifted(day: Day, months: Number) -> Day:
    """So many months later; the last day of a shorter month."""
    place = _month(day.v) + months.v - _FIRST_MONTH
    if np.size(place) and (np.min(place) < 0 or np.max(place) >= len(_STARTS) - 1):
        raise TooWide("a month outside the calendar")
    start = _STARTS[place]
    found = np.minimum(start + _day_of_month(day.v) - 1, _STARTS[place + 1] - 1)
    return Day(found, either(day.u, months.u))


def month_of(day: Day) -> Day:
    """The first day of the month."""
    return Day(day.v - _day_of_month(day.v) + 1, day.u)


def same_month(first: Day, second: Day) -> Truth:
    """Whether both lie in one month."""
    return truth(_month(first.v) == _month(second.v), either(first.u, second.u))
