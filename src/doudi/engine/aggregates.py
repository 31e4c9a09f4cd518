"""Aggregates in Python, three-valued. A phantom row (nobody answered) is unknown unless its condition is plainly
false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from doudi.engine.subject import Subject
from doudi.lib import money

Part = Callable[[Subject], Any] | None


def _selected(rows: Iterable[Subject], where: Part) -> Iterator[tuple[Subject, bool | None]]:
    """Rows with their condition, those that are plainly false left out."""
    for row in rows:
        holds = True if where is None else where(row)
        if row.phantom and holds is not False:
            holds = None
        if holds is not False:
            yield row, holds


def _values(rows: Iterable[Subject], value: Part, where: Part) -> list[Any] | None:
    """The values of all rows that count, or None when a row or its value is unknown."""
    assert value is not None
    found = []
    for row, holds in _selected(rows, where):
        if holds is None:
            return None
        one = value(row)
        if one is None:
            return None
        found.append(one)
    return found


def _sum(rows: list[Subject], value: Part, where: Part, _: Part) -> Any:
    found = _values(rows, value, where)
    if found is None:
        return None
    total = Decimal(0)
    for one in found:
        total = money.add(total, one)
    return total


def _count(rows: list[Subject], _: Part, where: Part, __: Part) -> int | None:
    number = 0
    for _row, holds in _selected(rows, where):
        if holds is None:
            return None
        number += 1
    return number


def _count_distinct(rows: list[Subject], value: Part, where: Part, _: Part) -> int | None:
    found = _values(rows, value, where)
    return None if found is None else len(set(found))


def _exists(rows: list[Subject], _: Part, where: Part, __: Part) -> bool | None:
    result: bool | None = False
    for _row, holds in _selected(rows, where):
        if holds:
            return True
        result = None
    return result


def _kleene(rows: list[Subject], value: Part, where: Part, decided_by: bool) -> bool | None:
    assert value is not None
    result: bool | None = not decided_by
    for row, holds in _selected(rows, where):
        one: bool | None = None if row.phantom else value(row)
        if holds and one is decided_by:
            return decided_by
        if one is not (not decided_by):
            result = None
    return result


def _min_max(choose: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    def run(rows: list[Subject], value: Part, where: Part, _: Part) -> Any:
        found = _values(rows, value, where)
        return choose(found) if found else None

    return run


def _latest(rows: list[Subject], value: Part, where: Part, order: Part) -> Any:
    assert value is not None and order is not None
    found = []
    for row, holds in _selected(rows, where):
        when = order(row)
        if holds is None or when is None:
            return None
        found.append((when, value(row)))
    newest = max((when for when, _ in found), default=None)
    values = {one for when, one in found if when == newest}
    return values.pop() if len(values) == 1 else None


def _sum_once_per(rows: list[Subject], value: Part, where: Part, key: Part) -> Any:
    assert value is not None and key is not None
    by_key: dict[Any, Any] = {}
    for row, holds in _selected(rows, where):
        name, one = key(row), value(row)
        if holds is None or name is None or one is None or by_key.setdefault(name, one) != one:
            return None
    total = Decimal(0)
    for one in by_key.values():
        total = money.add(total, one)
    return total


def known_part(rows: list[Subject], value: Part, where: Part) -> tuple[Decimal, bool]:
    """(the sum of what is known, whether any part is unknown)."""
    assert value is not None
    total, doubt = Decimal(0), False
    for row, holds in _selected(rows, where):
        one = value(row) if holds else None
        if one is None:
            doubt = True
        else:
            total = money.add(total, one)
    return total, doubt


AGGREGATES: dict[str, Callable[[list[Subject], Part, Part, Part], Any]] = {
    "sum": _sum,
    "sum_once_per": _sum_once_per,
    "count": _count,
    "count_distinct": _count_distinct,
    "exists": _exists,
    "any": lambda rows, value, where, _: _kleene(rows, value, where, True),
    "all": lambda rows, value, where, _: _kleene(rows, value, where, False),
    "min": _min_max(min),
    "max": _min_max(max),
    "latest": _latest,
}
