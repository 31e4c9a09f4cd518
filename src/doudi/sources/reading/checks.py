"""The checks of checks.yaml on rows and on the whole delivery: stop, quarantine, or warn."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from doudi.engine.feeds import Check, Feed
from doudi.sources.reading.days import day
from doudi.sources.reading.faults import Problem, Refusal

Values = dict[str, list[Any]]
Broken = Callable[[Values, int], bool]


class Checks:
    """The checks of one feed for one delivery."""

    def __init__(self, feed: Feed, cutoff: datetime.date | None) -> None:
        self._cutoff = cutoff
        self._whole = [check for check in feed.checks if check.kind == "min_rows"]
        self._row = [(check, self._broken(check)) for check in feed.checks if check.kind != "min_rows"]
        self._headers = {column.name: column.headers[0] for column in feed.columns if column.headers}
        self._seen: dict[str, set[Any]] = {}

    def of_rows(self, values: Values, rows: Sequence[int]) -> Iterator[tuple[int, Check, Problem]]:
        """(position, check, problem) for every row that breaks a check; Refusal for one that stops the delivery."""
        for check, broken in self._row:
            if check.column is not None and check.column not in values:
                continue
            for at, row in enumerate(rows):
                if broken(values, at):
                    found = self._problem(check, row)
                    if check.severity == "stop":
                        raise Refusal(found)
                    yield at, check, found

    def of_delivery(self, rows: int) -> list[Problem]:
        """Problems of the whole; Refusal for one that stops it."""
        found = []
        for check in self._whole:
            if rows < int(check.value or "1"):
                problem = self._problem(check, None)
                if check.severity == "stop":
                    raise Refusal(problem)
                found.append(problem)
        return found

    def _problem(self, check: Check, row: int | None) -> Problem:
        column = self._headers.get(check.column or "", check.column)
        return Problem(f"check.{check.name}", row, column, None, check.message["zh"], check.message["en"])

    def _broken(self, check: Check) -> Broken:
        name, value = check.column or "", check.value or ""
        kinds: dict[str, Broken] = {
            "required": lambda values, at: values[name][at] is None,
            "minimum": lambda values, at: (v := values[name][at]) is not None and v < Decimal(value),
            "maximum": lambda values, at: (v := values[name][at]) is not None and v > Decimal(value),
            "not_before": lambda values, at: (v := values[name][at]) is not None and v < day(value)[0],
            "not_after_cutoff": lambda values, at: (
                self._cutoff is not None and (v := values[name][at]) is not None and v > self._cutoff
            ),
            "in_order": lambda values, at: (
                None not in (pair := (values[name][at], values[value][at])) and pair[0] > pair[1]
            ),
            "unique": lambda values, at: self._is_known(name, values[name][at]),
        }
        return kinds[check.kind]

    def _is_known(self, name: str, value: Any) -> bool:
        seen = self._seen.setdefault(name, set())
        known = value is not None and value in seen
        seen.add(value)
        return known
