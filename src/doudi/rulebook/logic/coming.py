"""Which value of a figure holds on a day, and which published one comes after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from doudi.engine.quantities import Rulebook
from doudi.engine.vocabulary import ParameterValue
from doudi.rulebook.logic.figures import written

Held = tuple[date, Rulebook]
"""A rulebook with the first day from which it is in force."""


@dataclass(frozen=True, slots=True)
class Coming:
    """The next value; empty where the one of today ends and none follows."""

    from_on: date
    value: str


def in_force(values: Iterable[ParameterValue], area: str, key: str, on: date) -> ParameterValue | None:
    """The value that holds at an area for a code on a day: of the nearest area, the latest begun."""
    held = [v for v in values if area.startswith(v.area) and (v.key or "") == key and v.from_on <= on]
    open_ones = [v for v in held if v.to_on is None or on <= v.to_on]
    return max(open_ones, key=lambda v: (len(v.area), v.from_on), default=None)


def next_value(books: Sequence[Held], name: str, area: str, key: str, on: date, lang: str) -> Coming | None:
    """The first value after `on` that is not today's, by the rulebooks in force from then; None where none is known."""
    today: object = None
    for number, (day, values) in enumerate(_days(books, name, area, on)):
        found = in_force(values, area, key, day)
        said = found.value if found is not None else None
        if number == 0:
            today = said
        elif said != today:
            parameter = books[-1][1].parameters.get(name)
            unit = parameter.kind.unit if parameter is not None else "none"
            return Coming(day, written(found.value, unit, lang) if found is not None else "")
    return None


def _days(books: Sequence[Held], name: str, area: str, on: date) -> Iterator[tuple[date, tuple[ParameterValue, ...]]]:
    """The day itself, then every later day on which a value may change, each with the values of the rulebook then."""
    for number, (first, book) in enumerate(books):
        until = books[number + 1][0] if number + 1 < len(books) else date.max
        parameter = book.parameters.get(name)
        values = parameter.values if parameter is not None else ()
        start = max(first, on)
        turns = {v.from_on for v in values if area.startswith(v.area)}
        ends = (v.to_on for v in values if area.startswith(v.area) and v.to_on is not None and v.to_on < date.max)
        turns |= {end + timedelta(days=1) for end in ends}
        for day in sorted({start, *(turn for turn in turns if start < turn)}):
            if day < until:
                yield day, values
