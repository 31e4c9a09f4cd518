"""Days and months, by our own definitions (Asia/Shanghai days; no instants here)."""

from __future__ import annotations

import calendar
from datetime import date


def age_on(born: date, day: date) -> int:
    """Full years lived on `day`; the birthday counts. Born on 29 February: full on 1 March of other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def full_months_between(start: date, end: date) -> int:
    """Whole months from `start` to `end`: a month is full when the day number is reached (31 Jan → 28 Feb is 0)."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def add_months(day: date, months: int) -> date:
    """The same day number `months` later, or the last day of that month when it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_before(day: date, months: int) -> date:
    """`add_months` backwards."""
    return add_months(day, -months)


def month_of(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def same_month(first: date, second: date) -> bool:
    """Whether two days are of one calendar month."""
    return (first.year, first.month) == (second.year, second.month)
