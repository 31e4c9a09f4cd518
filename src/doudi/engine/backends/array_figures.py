"""Parameters over arrays: the dated value that holds for each household's area and key, looked up in a small table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from doudi.engine.backends.array_formulas import Formulas, Known
from doudi.engine.backends.arrays import LIMIT, Array, Code, Day, Number, TooWide, Truth, Values, either
from doudi.engine.quantities import Parameter
from doudi.engine.tree import Kind, Ref
from doudi.engine.vocabulary import ParameterValue

_AREA = Ref(Kind("area"), "household", "area")


Cache = dict[tuple[str, str, str | None], Any]
"""What holds, by parameter, area and key: looked up once for a whole population."""


def figure(parameter: Parameter, given: Known, cache: Cache) -> tuple[Values, Array | None]:
    """(value by household, unknown where the area or the key is; where it should hold and has none)."""
    area = given.ref(_AREA, "household")
    key = None if parameter.by is None else Formulas(given, "household").value(parameter.by)
    assert isinstance(area, Code) and (key is None or isinstance(key, Code))
    keys = [None] if key is None else key.words
    table = [_in_force(parameter, given.as_of, place, word, cache) for place in area.words for word in keys]
    mask = area.i < 0 if key is None else either(area.i < 0, key.i < 0)
    assert mask is not None
    mask = mask if mask.any() else None
    if len(set(table)) == 1 and table[0] is not None:
        return _looked_up(parameter, table[:1], np.int64(0), mask), None
    place = area.i if key is None else area.i * len(keys) + key.i
    place = place if mask is None else np.where(mask, len(table), place)
    found = _looked_up(parameter, table, place, mask)
    gaps = np.array([*(value is None for value in table), False])[place] if None in table else None
    return found, gaps if gaps is not None and gaps.any() else None


def _in_force(parameter: Parameter, as_of: date, area: str, key: str | None, cache: Cache) -> Any:
    """The most local value of the day; None where there is none."""
    known = (parameter.name, area, key)
    if known not in cache:
        fits = (v for v in _of_day(parameter, as_of) if area.startswith(v.area) and key in (None, str(v.key)))
        cache[known] = next((value.value for value in fits), None)
    return cache[known]


def _of_day(parameter: Parameter, as_of: date) -> list[ParameterValue]:
    """The values of a day, most local first; of one by key those that have a key."""
    found = [v for v in parameter.values if v.from_on <= as_of and (v.to_on is None or v.to_on >= as_of)]
    found = [v for v in found if parameter.by is None or v.key is not None]
    return sorted(found, key=lambda v: (-len(v.area), -v.from_on.toordinal()))


def _looked_up(parameter: Parameter, table: list[Any], place: Any, mask: Any) -> Values:
    kind = parameter.kind
    if kind.base in ("number", "integer"):
        return _numbers(table, _scale(parameter), place, mask)
    if kind.base == "boolean":
        said = [(False, False) if value is None else (bool(value), not value) for value in [*table, None]]
        yes, no = np.array(said).T
        sure = np.True_ if mask is None else ~mask
        return Truth(yes[place] & sure, no[place] & sure)
    if kind.base in ("date", "month"):
        days = np.array([*(0 if value is None else _days(value) for value in table), 0], np.int32)
        gone = np.array([*(value is None for value in table), True])[place] if None in table else None
        return Day(days[place], either(mask, gone))
    words = tuple(dict.fromkeys(str(value) for value in table if value is not None))
    index = [*(-1 if value is None else words.index(str(value)) for value in table), -1]
    found = np.array(index, np.int32)[place]
    return Code(found if mask is None else np.where(mask, -1, found), words)


def _numbers(table: list[Any], scale: int, place: Any, mask: Any) -> Number:
    whole = [0 if value is None else int(Decimal(str(value)).scaleb(scale)) for value in table]
    gone = np.array([*(value is None for value in table), True])[place] if None in table else None
    bound = max((abs(value) for value in whole), default=0)
    if bound >= LIMIT:
        raise TooWide("a figure")
    found = np.array([*whole, 0], np.int64)
    return Number(found[place], scale, either(mask, gone), bound)


def _scale(parameter: Parameter) -> int:
    """The decimals of all its values: the same for every part of a population."""
    exponents = [int(Decimal(str(v.value)).normalize().as_tuple().exponent) for v in parameter.values]
    return max([0, *(-e for e in exponents)])


def _days(value: date) -> int:
    return (value - date(1970, 1, 1)).days
