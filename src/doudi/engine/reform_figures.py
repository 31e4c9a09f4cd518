"""Figures under a reform: values in force are scaled, or new ones take their place, by area, key and day.

A value that holds only partly in the reform's period is cut in pieces: what lies outside stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from doudi.engine import figures
from doudi.engine.errors import PolicyError, Where
from doudi.engine.feeds import Bilingual
from doudi.engine.policy import Layer
from doudi.engine.reading import decimal_of, mapping, only, place, sequence, text
from doudi.engine.strict_yaml import Mapping as Table
from doudi.engine.strict_yaml import Sequence, Text, Value
from doudi.engine.tree import Kind
from doudi.engine.vocabulary import ParameterDefinition, ParameterValue

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from one to another, both included."""

    from_on: date = date.min
    to_on: date = date.max


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one parameter: a factor on its values (of `key` only, if given), or values of its own."""

    name: str
    at: Where
    period: Period
    area: str
    factor: Decimal | None = None
    key: str | None = None
    values: tuple[ParameterValue, ...] = ()


def change_of(name: str, table: Table, area: str, period: Period, label: Bilingual) -> Change:
    """One entry of `parameters`: {scale, key?} or {values: [...]}; a value inherits the reform's area and days."""
    only(table, ("scale", "key", "values"))
    if (table.get("scale") is None) == (table.get("values") is None):
        raise PolicyError("policy.expected", table.where, what_zh="scale 或 values", what_en="scale or values")
    if table.get("scale") is not None:
        factor = decimal_of(table["scale"], table.where)
        if factor < 0:
            raise PolicyError("policy.out_of_bounds", place(table["scale"]), value=factor, bound=0)
        key = text(table, "key") if table.get("key") is not None else None
        return Change(name, table.where, period, area, factor, key)
    items = Sequence(_completed(mapping(item, table.where), area, period, label) for item in sequence(table["values"]))
    items.where = table.where
    own = Table({"values": items})
    own.where = table.where
    read = figures.parameter(name, own, area or "nation")
    return Change(name, table.where, period, area, values=read.values)


def _completed(value: Table, area: str, period: Period, label: Bilingual) -> Table:
    """A value with what the reform says for all of them; its basis is the reform itself, marked as a sample."""
    basis = _table(value, {"document": _said(value, label.get("zh", "")), "sample": _said(value, "yes")})
    given: dict[str, Value] = {"area": _said(value, area or "nation"), "basis": basis}
    given["from"] = _said(value, max(period.from_on, date(1900, 1, 1)).isoformat())
    if period.to_on != date.max:
        given["to"] = _said(value, period.to_on.isoformat())
    return _table(value, {**given, **value})


def _table(beside: Table, content: dict[str, Value]) -> Table:
    made = Table(content)
    made.where = beside.where
    return made


def _said(beside: Table, words: str) -> Text:
    made = Text(words)
    made.where, made.style = beside.where, ""
    return made


def scaled(layers: Mapping[str, Layer], change: Change) -> None:
    """Every value in force in the change's period, times the factor; money to the fen, half up."""
    kind = _declared(layers, change).kind
    if kind.base not in ("number", "integer"):
        raise PolicyError("reform.scale_of_no_number", change.at, name=change.name)
    for layer in layers.values():
        own = layer.parameters.get(change.name)
        if own is None:
            continue
        values: list[ParameterValue] = []
        for value in own.values:
            if not value.area.startswith(change.area) or change.key not in (None, value.key):
                values.append(value)
                continue
            for piece, inside in _pieces(value, change.period):
                values.append(_times(piece, kind, change) if inside else piece)
        layer.parameters[change.name] = replace(own, values=tuple(values))


def set_anew(layers: dict[str, Layer], change: Change) -> None:
    """The change's own values; those of its areas and below them are cut for as long as the new ones hold."""
    declared = _declared(layers, change)
    for value in change.values:
        period = Period(value.from_on, value.to_on or date.max)
        for layer in layers.values():
            own = layer.parameters.get(change.name)
            if own is not None:
                kept = tuple(piece for old in own.values for piece in _kept(old, value, period))
                layer.parameters[change.name] = replace(own, values=kept)
    for value in change.values:
        layer = layers.setdefault(value.area, Layer(value.area))
        own = layer.parameters.get(change.name) or replace(declared, values=(), at=change.at)
        layer.parameters[change.name] = replace(own, values=(*own.values, value), at=change.at)


def _declared(layers: Mapping[str, Layer], change: Change) -> ParameterDefinition:
    """The entry that says what the parameter is."""
    found = [layer.parameters[change.name] for layer in layers.values() if change.name in layer.parameters]
    return next((own for own in found if own.kind.unit != "?"), found[0])


def _kept(old: ParameterValue, new: ParameterValue, period: Period) -> Iterator[ParameterValue]:
    if not old.area.startswith(new.area) or old.key != new.key:
        yield old
        return
    yield from (piece for piece, inside in _pieces(old, period) if not inside)


def _pieces(value: ParameterValue, period: Period) -> Iterator[tuple[ParameterValue, bool]]:
    """A value before, in and after a period; whether it lies in the period."""
    first, last = value.from_on, value.to_on or date.max
    start, end = max(first, period.from_on), min(last, period.to_on)
    if start > end:
        yield value, False
        return
    if first < start:
        yield replace(value, to_on=start - _ONE_DAY), False
    yield replace(value, from_on=start, to_on=None if end == date.max else end), True
    if end < last:
        yield replace(value, from_on=end + _ONE_DAY), False


def _times(value: ParameterValue, kind: Kind, change: Change) -> ParameterValue:
    assert change.factor is not None
    product = decimal_of(value.value if isinstance(value.value, Text) else _plain(value.value, change)) * change.factor
    if kind.scale == 2:
        product = product.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if kind.base == "integer" and product != product.to_integral_value():
        raise PolicyError("reform.scale_not_whole", change.at, name=change.name, value=f"{product.normalize():f}")
    return replace(value, value=_plain(product, change))


def _plain(value: object, change: Change) -> Text:
    """A figure as written text standing where the reform says so, so that bounds are refused with that place."""
    made = Text(f"{value:f}" if isinstance(value, Decimal) else str(value))
    made.where, made.style = change.at, ""
    return made
