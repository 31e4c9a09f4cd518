"""Parameters over arrays: the dated value that holds for each household's area and key, looked up in a small table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from doudi.engine.backends.array_formulas import Formulas, Known, constant
from doudi.engine.backends.arrays import Array, Code, Day, Number, Truth, Values, either
from doudi.engine.quantities import Parameter
from doudi.engine.tree import Kind, Ref

_AREA = Ref(Kind("area"), "household", "area")


def figure(parameter: Parameter, given: Known, as_of: date) -> tuple[Values, Array | None]:
    """(value by household, unknown where the area or the key is; where it should hold and has none)."""
    area = given.ref(_AREA, "household")
    key = None if parameter.by is None else Formulas(given, "household").value(parameter.by)
    assert isinstance(area, Code) and (key is None or isinstance(key, Code))
    keys = [None] if key is None else key.words
    table = [_in_force(parameter, as_of, place, word) for place in area.words for word in keys]
    place = area.i if key is None else area.i * len(keys) + key.i
    mask = area.i < 0 if key is None else either(area.i < 0, key.i < 0)
    assert mask is not None
    place = np.where(mask, len(table), place)
    found = _looked_up(parameter, table, place, mask if mask.any() else None)
    gaps = np.array([*(value is None for value in table), False])[place] if None in table else None
    return found, gaps if gaps is not None and gaps.any() else None


def _in_force(parameter: Parameter, as_of: date, area: str, key: str | None) -> Any:
    """The most local value of the day; None where there is none."""
    for value in sorted(parameter.values, key=lambda v: (-len(v.area), -v.from_on.toordinal())):
        later = value.from_on > as_of or (value.to_on is not None and value.to_on < as_of)
        if later or not area.startswith(value.area):
            continue
        if parameter.by is None or (value.key is not None and str(value.key) == key):
            return value.value
    return None


def _looked_up(parameter: Parameter, table: list[Any], place: Array, mask: Any) -> Values:
    kind = parameter.kind
    values = [constant(value, kind) for value in table] or [constant(None, kind)]
    lone = values[0] if len(set(table)) == 1 and table[0] is not None else None
    if kind.base in ("number", "integer"):
        return _numbers(table, lone, place, mask)
    if kind.base == "boolean":
        said = [(False, False) if value is None else (bool(value), not value) for value in [*table, None]]
        pairs = np.array(said)[place]
        return Truth(pairs[:, 0], pairs[:, 1])
    if kind.base in ("date", "month"):
        days = np.array([*(v.v if isinstance(v, Day) else 0 for v in values), 0], np.int32)[: len(table) + 1]
        return Day(days[place], either(mask, np.array([*(v is None for v in table), True])[place]))
    words = tuple(dict.fromkeys(str(value) for value in table if value is not None))
    index = [*(-1 if value is None else words.index(str(value)) for value in table), -1]
    return Code(np.array(index, np.int32)[place], words)


def _numbers(table: list[Any], lone: Values | None, place: Array, mask: Any) -> Number:
    if isinstance(lone, Number):
        return Number(lone.v, lone.scale, mask, lone.bound)
    amounts = [None if value is None else Decimal(str(value)) for value in table]
    scale = max([0, *(-int(a.normalize().as_tuple().exponent) for a in amounts if a is not None)])
    whole = np.array([*(0 if a is None else int(a.scaleb(scale)) for a in amounts), 0], np.int64)
    gone = either(mask, np.array([*(a is None for a in amounts), True])[place] if None in amounts else None)
    return Number(whole[place], scale, gone, int(np.abs(whole).max()))
