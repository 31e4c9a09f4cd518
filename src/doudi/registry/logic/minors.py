"""Dates of birth of minors before who may not see them: the year is left."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Protocol, TypeVar

from doudi.lib.months import age_on

OF_AGE = 18


class Born(Protocol):
    """A line about somebody that shows a date of birth, or only its year."""

    @property
    def born_on(self) -> datetime.date | None: ...

    @property
    def born_year(self) -> int | None: ...


Line = TypeVar("Line", bound=Born)


def is_minor(born_on: datetime.date | None, on: datetime.date) -> bool:
    """Whether somebody is under age on a day; who has no date of birth counts as of age."""
    return born_on is not None and age_on(born_on, on) < OF_AGE


def guarded(line: Line, on: datetime.date, sees: bool) -> Line:
    """The line as it is, or with the year of birth in place of a minor's day."""
    if sees or line.born_on is None or not is_minor(line.born_on, on):
        return line
    return replace(line, born_on=None, born_year=line.born_on.year)  # type: ignore[type-var]
