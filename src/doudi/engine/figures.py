"""Parameters: figures that places set. Read as written, then typed by what the nation declares them to be."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from doudi.engine.definitions import basis_of, kind_of, levels_of
from doudi.engine.errors import PolicyError, Where
from doudi.engine.feeds import Bilingual
from doudi.engine.grammar import KEYWORDS
from doudi.engine.reading import (
    bilingual,
    bilingual_of,
    boolean_of,
    date_of,
    decimal_of,
    expected,
    mapping,
    nearest,
    only,
    place,
    sequence,
    text,
)
from doudi.engine.strict_yaml import Mapping, Text, Value
from doudi.engine.tree import Kind
from doudi.engine.vocabulary import LEVELS, Basis, ParameterDefinition, ParameterValue

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
ALWAYS = date(1949, 10, 1)
"""Since when what holds `otherwise` has held."""
_NOT_SET = Basis("没有另行规定")


def parameter(name: str, table: Mapping, own_place: str) -> ParameterDefinition:
    """A parameter; in a place's folder the kind and label may be left to the base."""
    only(table, ("type", "unit", "label", "by", "set_by", "values", "minimum", "maximum", "otherwise", "codes"))
    if not _NAME.fullmatch(name) or "__" in name or name in KEYWORDS:
        raise PolicyError("policy.plain_name_invalid", getattr(name, "where", table.where), name=str(name))
    overlay = bool(own_place) and table.get("type") is None
    codes = _codes(table)
    kind = Kind("number", "?") if overlay else kind_of(table, codes or None)
    if kind.base == "code" and not codes:
        raise PolicyError("policy.key_missing", table.where, key="codes")
    values = [v for item in sequence(table.get("values"), table.where) for v in _values(mapping(item, table.where))]
    label = None if overlay else bilingual(table, "label")
    return ParameterDefinition(
        str(name),
        kind,
        label or {},
        text(table, "by") if table.get("by") is not None else None,
        levels_of(table),
        tuple(values),
        table.where,
        _otherwise(table),
        codes,
    )


def _codes(table: Mapping) -> dict[str, Bilingual]:
    if table.get("codes") is None:
        return {}
    return {str(code): bilingual_of(label) for code, label in mapping(table["codes"], table.where).items()}


def _otherwise(table: Mapping) -> ParameterValue | None:
    """`otherwise: no`: what holds where nobody has set a value. A parameter by keys has none."""
    if table.get("otherwise") is None:
        return None
    if table.get("by") is not None:
        raise PolicyError("policy.otherwise_by_key", place(table["otherwise"], table.where))
    return ParameterValue("", ALWAYS, None, None, _text(table["otherwise"], table.where), _NOT_SET)


def _values(table: Mapping) -> list[ParameterValue]:
    only(table, ("area", "from", "to", "value", "values", "basis"))
    area = text(table, "area")
    if area != "nation" and not (area.isascii() and area.isdigit() and len(area) in LEVELS):
        raise PolicyError("policy.place_malformed", place(table["area"]), place=area)
    from_on = date_of(table.get("from"), table.where)
    to_on = date_of(table["to"], table.where) if table.get("to") is not None else None
    if to_on is not None and to_on < from_on:
        raise PolicyError("policy.ends_before_it_begins", place(table["to"]), day=to_on, other=from_on)
    basis = basis_of(table.get("basis"), table.where)
    if table.get("values") is not None:
        pairs: list[tuple[str | None, Value]] = [(str(k), v) for k, v in mapping(table["values"], table.where).items()]
    else:
        pairs = [(None, table.get("value"))]
    area = "" if area == "nation" else area
    return [ParameterValue(area, from_on, to_on, key, _text(value, table.where), basis) for key, value in pairs]


def _text(value: Value, where: Where) -> Text:
    if not isinstance(value, Text):
        raise expected(value, "一个值", "a value", where)
    return value


def typed(values: tuple[ParameterValue, ...], kind: Kind, keys: tuple[str, ...] | None) -> tuple[ParameterValue, ...]:
    """The values as what the parameter is declared to be; `keys` are the codes they differ by, None for one value."""
    seen: dict[tuple[str, date, str | None], ParameterValue] = {}
    _refuse_overlaps(values)
    for value in values:
        where = where_of(value, Where("?", 1, 1))
        if (value.key is None) != (keys is None):
            said = ("values: {代码: 值}", "values: {code: value}") if keys is not None else ("value: 值", "value: x")
            raise PolicyError("policy.expected", where, what_zh=said[0], what_en=said[1])
        if keys is not None and value.key not in keys:
            near = nearest(str(value.key), keys)
            raise PolicyError("rule.code_unknown", where, suggestion=near, value=value.key, known=", ".join(keys))
        place_and_day = (value.area, value.from_on, value.key)
        if place_and_day in seen:
            raise PolicyError("policy.set_twice", where, area=value.area or "nation", day=value.from_on)
        seen[place_and_day] = replace(value, value=_read(value.value, kind, where))
    return tuple(seen.values())


def _refuse_overlaps(values: tuple[ParameterValue, ...]) -> None:
    """Of one area and key, a value with an end must have ended when the next begins; one without holds until then."""
    before: dict[tuple[str, str | None], ParameterValue] = {}
    for value in sorted(values, key=lambda v: v.from_on):
        last = before.get((value.area, value.key))
        if last is not None and last.to_on is not None and last.from_on < value.from_on <= last.to_on:
            where, area = where_of(value, Where("?", 1, 1)), value.area or "nation"
            raise PolicyError("policy.days_overlap", where, area=area, day=value.from_on, other=last.to_on)
        before[value.area, value.key] = value


def _read(value: object, kind: Kind, where: Where) -> Decimal | bool | str | date:
    """The value as its kind says. What carries a unit is not below zero unless a lower minimum is declared."""
    if not isinstance(value, Text):
        return value  # type: ignore[return-value]
    if kind.base == "boolean":
        return boolean_of(value)
    if kind.base in ("date", "month"):
        return date_of(value)
    if kind.base not in ("number", "integer"):
        if kind.codes is not None and value not in kind.codes:
            near = nearest(value, kind.codes)
            raise PolicyError("rule.code_unknown", where, suggestion=near, value=value, known=", ".join(kind.codes))
        return str(value)
    number = decimal_of(value)
    if kind.base == "integer" and number != number.to_integral_value():
        raise PolicyError("policy.expected", where, what_zh="一个整数", what_en="a whole number")
    for bound, wrong in (
        (kind.least, kind.least is not None and number < kind.least),
        (kind.maximum, kind.maximum is not None and number > kind.maximum),
    ):
        if wrong:
            raise PolicyError("policy.out_of_bounds", where, value=number, bound=bound)
    return number


def where_of(value: ParameterValue, fallback: Where) -> Where:
    """Where a value is written, while it is as read."""
    return value.value.where if isinstance(value.value, Text) else fallback
