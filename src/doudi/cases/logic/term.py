"""The working-day clock of an application: which day it is in, how many are left, how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from doudi.cases.lifecycle import SOON_FROM, WHOLE_DAYS
from doudi.lib.working_days import Holidays, add_working_days, working_days_after


@dataclass(frozen=True, slots=True)
class Clock:
    """Day `nth` of `total`; `left` is negative once it has passed. `is_certain`: the holidays are published."""

    nth: int
    total: int
    left: int
    due_on: date
    is_certain: bool

    @property
    def tone(self) -> str:
        """late, soon or ok."""
        return "late" if self.left < 0 else "soon" if self.left <= SOON_FROM else "ok"

    @property
    def over(self) -> int:
        """Working days since it was due; at least one for what is overdue."""
        return max(0, -self.left)


def clock_of(accepted_on: date | None, today: date, holidays: Holidays) -> Clock | None:
    """The clock from acceptance on; none before. The day of acceptance is day 0."""
    if accepted_on is None:
        return None
    due = add_working_days(accepted_on, WHOLE_DAYS, holidays)
    nth = working_days_after(accepted_on, max(today, accepted_on), holidays)
    left = WHOLE_DAYS - nth.days
    if today > due.day:
        left = min(left, -1)
    return Clock(nth.days, WHOLE_DAYS, left, due.day, due.is_certain and nth.is_certain)
