"""The dated values that a place's own file sets, as text: what can be changed or taken out in a draft."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
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


def own_values(files: AnyMapping[str, str]) -> list[OwnValue]:
    """The values that a place's files set, file by file; what cannot be read sets none."""
    return [value for _name, text in sorted(files.items()) for value in _values(text)]


def file_with(files: AnyMapping[str, str], section: str, name: str, usual: str) -> str:
    """The file of a place that has an entry of a section already; the usual one if none has."""
    for file, text in sorted(files.items()):
        table = _section(text, section)
        if table is not None and name in table:
            return file
    return usual


def _section(text: str, section: str) -> Mapping | None:
    try:
        tree = parse(text) if text.strip() else None
    except PolicyError:
        return None
    table = tree.get(section) if isinstance(tree, Mapping) else None
    return table if isinstance(table, Mapping) else None


def _values(text: str) -> list[OwnValue]:
    table = _section(text, "parameters")
    found = []
    for name, own in table.items() if table is not None else ():
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
