"""Working days of mainland China, by a table of holidays that is passed in. Pure; the table itself lives with the apps.

The day a period begins on is not counted: the first working day is the next one (民法典 第二百零一条). A year whose
holidays are not published is counted by weekdays alone, and every result that touches it says that it is not certain.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holidays:
    """Published holidays: weekdays off, weekend days worked, and the years for which they are published."""

    days_off: frozenset[date] = field(default_factory=frozenset)
    days_worked: frozenset[date] = field(default_factory=frozenset)
    years: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many working days; `is_certain` only if the holidays of every year touched are published."""

    days: int
    is_certain: bool


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day reached by counting; `is_certain` as in DayCount."""

    day: date
    is_certain: bool


def day_of(instant: datetime) -> date:
    """The day of an instant in Asia/Shanghai; a time without zone is taken as UTC."""
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return aware.astimezone(SHANGHAI).date()


def is_working_day(day: date, holidays: Holidays) -> bool:
    """Whether offices work on a day."""
    if day in holidays.days_worked:
        return True
    return day.weekday() < SATURDAY and day not in holidays.days_off


def working_days_after(start: date, end: date, holidays: Holidays) -> DayCount:
    """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
    if end < start:
        back = working_days_after(end, start, holidays)
        return DayCount(-back.days, back.is_certain)
    off, worked = _exceptions(holidays)
    weekdays = _weekdays_until(end) - _weekdays_until(start)
    days = weekdays - _between(off, start, end) + _between(worked, start, end)
    return DayCount(days, _is_published(start, end, holidays))


def _weekdays_until(day: date) -> int:
    """Weekdays from 0001-01-01, which is a Monday, up to and including a day."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * SATURDAY + min(rest, SATURDAY)


@lru_cache
def _exceptions(holidays: Holidays) -> tuple[list[date], list[date]]:
    """Weekdays on which offices are closed and weekend days on which they work, in order."""
    off = sorted(day for day in holidays.days_off - holidays.days_worked if day.weekday() < SATURDAY)
    return off, sorted(day for day in holidays.days_worked if day.weekday() >= SATURDAY)


def _between(days: list[date], start: date, end: date) -> int:
    """How many of the days in order lie after `start`, up to and including `end`."""
    return bisect_right(days, end) - bisect_right(days, start)


def add_working_days(start: date, days: int, holidays: Holidays) -> DueDay:
    """The `days`-th working day after `start`; `days` is zero or more."""
    if days < 0:
        raise ValueError("days must not be negative")
    day, left = start, days
    while left:
        day += DAY
        left -= is_working_day(day, holidays)
    return DueDay(day, _is_published(start, day, holidays))


def _is_published(first: date, last: date, holidays: Holidays) -> bool:
    return all(year in holidays.years for year in range(first.year, last.year + 1))


def start_of(day: date) -> datetime:
    """The instant a day begins in China."""
    return datetime.combine(day, time(), SHANGHAI)
