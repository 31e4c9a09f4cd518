"""The holiday table of the working-day clock, seeded from the package chinesecalendar (State Council notices)."""

from __future__ import annotations

from functools import cache

from chinese_calendar.constants import holidays as published_off
from chinese_calendar.constants import workdays as published_worked

from doudi.lib.working_days import Holidays


@cache
def holidays() -> Holidays:
    """Holidays as published so far. A year counts as published when its National Day is in the table."""
    years = frozenset(day.year for day in published_off if (day.month, day.day) == (10, 1))
    return Holidays(frozenset(published_off), frozenset(published_worked), years)
