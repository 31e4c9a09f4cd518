"""The dated values that a place's own file sets, as text: what can be changed or taken out in a draft."""

from __future__ import annotations

from dataclasses import dataclass

from doudi.engine.errors import PolicyError
from doudi.engine.strict_yaml import Mapping, Sequence, Value, parse


@dataclass(frozen=True, slots=True)
class OwnValue:
    """One entry of a parameter's list of values, as written; `values` by code, the empty code for a value alone."""

    parameter: str
    area: str
    from_on: str
    to_on: str
    values: dict[str, str]
    document: str
    number: str
    article: str
    sample: bool


def own_values(text: str) -> list[OwnValue]:
    """The values of a parameters.yaml, in file order; [] where it cannot be read."""
    try:
        tree = parse(text) if text.strip() else None
    except PolicyError:
        return []
    table = tree.get("parameters") if isinstance(tree, Mapping) else None
    found = []
    for name, own in table.items() if isinstance(table, Mapping) else ():
        items = own.get("values") if isinstance(own, Mapping) else None
        found += [_value(str(name), one) for one in items or () if isinstance(one, Mapping)] if _list(items) else []
    return found


def _list(items: Value) -> bool:
    return isinstance(items, Sequence)


def _value(parameter: str, item: Mapping) -> OwnValue:
    said = item.get("values")
    values = {str(k): str(v) for k, v in said.items()} if isinstance(said, Mapping) else {"": _text(item, "value")}
    basis = item.get("basis")
    table = basis if isinstance(basis, Mapping) else Mapping()
    return OwnValue(
        parameter,
        _text(item, "area"),
        _text(item, "from"),
        _text(item, "to"),
        values,
        _text(table, "document"),
        _text(table, "number"),
        _text(table, "article"),
        _text(table, "sample") in ("yes", "true"),
    )


def _text(table: Mapping, key: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) else ""
