"""Parameters over arrays: the dated value that holds for each household's area and key, looked up in a small table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from doudi.engine.backends.array_formulas import Formulas, Known
from doudi.engine.backends.arrays import LIMIT, Array, Code, Day, Number, TooWide, Truth, Values, either, unknown
from doudi.engine.quantities import Parameter
from doudi.engine.tree import Kind, Ref
from doudi.engine.vocabulary import ParameterValue

_AREA = Ref(Kind("area"), "household", "area")


Look = Callable[[Any, Any], Values]
"""The values at places of a table; unknown in the mask."""


@dataclass(frozen=True, slots=True)
class Table:
    """What holds for each area and key, one after the other."""

    look: Look
    gaps: Array | None
    """Where nothing holds, and at last a place for the unknown; None where something holds everywhere."""
    same: bool
    """One value for all."""


Cache = dict[tuple[str, tuple[str, ...], tuple[str | None, ...]], Table]
"""By parameter, areas and keys: the same for every part of a population."""


def figure(parameter: Parameter, given: Known, cache: Cache) -> tuple[Values, Array | None]:
    """(value by household, unknown where the area or the key is; where it should hold and has none)."""
    area = given.ref(_AREA, "household")
    key = None if parameter.by is None else Formulas(given, "household").value(parameter.by)
    assert isinstance(area, Code) and (key is None or isinstance(key, Code))
    keys = (None,) if key is None else key.words
    table = _table(parameter, given.as_of, area.words, keys, cache)
    mask = unknown(area) if key is None else either(unknown(area), unknown(key))
    mask = mask if mask is not None and mask.any() else None
    if table.same:
        return table.look(np.int64(0), mask), None
    place = area.i if key is None else area.i * len(keys) + key.i
    place = place if mask is None else np.where(mask, -1, place)
    gaps = None if table.gaps is None else table.gaps[place]
    return table.look(place, mask), gaps if gaps is not None and gaps.any() else None


def _table(
    parameter: Parameter, as_of: date, areas: tuple[str, ...], keys: tuple[str | None, ...], cache: Cache
) -> Table:
    known = (parameter.name, areas, keys)
    if known not in cache:
        fits = _of_day(parameter, as_of)
        values = [_in_force(fits, area, key) for area in areas for key in keys]
        gaps = np.array([*(value is None for value in values), False]) if None in values else None
        same = len(set(values)) == 1 and values[0] is not None
        cache[known] = Table(_looking(parameter, values[:1] if same else values), gaps, same)
    return cache[known]


def _in_force(fits: list[ParameterValue], area: str, key: str | None) -> Any:
    """The most local value of the day; None where there is none."""
    return next((v.value for v in fits if area.startswith(v.area) and key in (None, str(v.key))), None)


def _of_day(parameter: Parameter, as_of: date) -> list[ParameterValue]:
    """The values of a day, most local first; of one by key those that have a key."""
    found = [v for v in parameter.values if v.from_on <= as_of and (v.to_on is None or v.to_on >= as_of)]
    found = [v for v in found if parameter.by is None or v.key is not None]
    return sorted(found, key=lambda v: (-len(v.area), -v.from_on.toordinal()))


def _looking(parameter: Parameter, table: list[Any]) -> Look:
    kind = parameter.kind
    if kind.base in ("number", "integer"):
        return _numbers(table, _scale(parameter))
    if kind.base == "boolean":
        said = [(False, False) if value is None else (bool(value), not value) for value in [*table, None]]
        yes, no = np.array(said).T
        return lambda place, mask: Truth(_sure(yes[place], mask), _sure(no[place], mask))
    gone = _gone(table)
    if kind.base in ("date", "month"):
        days = np.array([*(0 if value is None else _days(value) for value in table), 0], np.int32)
        return lambda place, mask: Day(days[place], either(mask, gone(place)))
    words = tuple(dict.fromkeys(str(value) for value in table if value is not None))
    index = np.array([*(-1 if value is None else words.index(str(value)) for value in table), -1], np.int32)
    return lambda place, mask: Code(index[place] if mask is None else np.where(mask, -1, index[place]), words)


def _numbers(table: list[Any], scale: int) -> Look:
    whole = [0 if value is None else int(Decimal(str(value)).scaleb(scale)) for value in table]
    bound = max((abs(value) for value in whole), default=0)
    if bound >= LIMIT:
        raise TooWide("a figure")
    found, gone = np.array([*whole, 0], np.int64), _gone(table)
    return lambda place, mask: Number(found[place], scale, either(mask, gone(place)), bound)


def _gone(table: list[Any]) -> Callable[[Any], Any]:
    """Where no value holds."""
    if None not in table:
        return lambda place: None
    gone = np.array([*(value is None for value in table), True])
    return lambda place: gone[place]


def _sure(said: Any, mask: Any) -> Any:
    return said if mask is None else said & ~mask


def _scale(parameter: Parameter) -> int:
    """The decimals of all its values: the same for every part of a population."""
    exponents = [int(Decimal(str(v.value)).normalize().as_tuple().exponent) for v in parameter.values]
    return max([0, *(-e for e in exponents)])


def _days(value: date) -> int:
    return (value - date(1970, 1, 1)).days
