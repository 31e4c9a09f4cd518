"""Writing YAML the way the policy files are written: scalars with quotes where they need them, one value, one rule."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from doudi.engine.strict_yaml import UNSEEN

_PLAIN = re.compile(r"[\w〔〕（）《》](?:[\w〔〕（）《》、·./+-]| (?=[\w〔〕（）《》]))*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class NewBasis:
    """Where a value or rule comes from, as typed in."""

    document: str
    number: str = ""
    article: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class NewValue:
    """One dated value of a parameter; `values` by code (urban, rural), or `value` alone."""

    area: str
    from_on: date
    to_on: date | None
    value: str
    basis: NewBasis
    values: Mapping[str, str] = field(default_factory=dict)


def scalar(text: str) -> str:
    """A text as a YAML scalar; quoted unless it is plainly plain. ValueError for control characters."""
    if _CONTROL.search(text) or UNSEEN.search(text):
        raise ValueError("control character")
    if _PLAIN.fullmatch(text) and not text.startswith("_"):
        return text
    return "'" + text.replace("'", "''") + "'"


def flow(table: Mapping[str, str]) -> str:
    """A mapping on one line."""
    return "{" + ", ".join(f"{scalar(key)}: {scalar(value)}" for key, value in table.items()) + "}"


def basis_table(basis: NewBasis) -> dict[str, str]:
    """A basis as it stands in a file: empty parts are left out."""
    said = {"document": basis.document, "number": basis.number, "article": basis.article}
    table = {key: value for key, value in said.items() if value}
    return table | {"sample": "yes"} if basis.sample else table


def value_table(value: NewValue) -> dict[str, object]:
    """A dated value as the file means it."""
    table: dict[str, object] = {"area": value.area, "from": value.from_on.isoformat()}
    if value.to_on is not None:
        table["to"] = value.to_on.isoformat()
    if value.values:
        table["values"] = dict(value.values)
    else:
        table["value"] = value.value
    return table | {"basis": basis_table(value.basis)}


def item_lines(table: Mapping[str, object], indent: int) -> list[str]:
    """A mapping as an item of a list: its lines, the first with the dash."""
    lines = [f"{' ' * (indent + 2)}{line}" for line in entry_lines(table)]
    lines[0] = f"{' ' * indent}- {lines[0].lstrip()}"
    return lines


def entry_lines(table: Mapping[str, object]) -> list[str]:
    """The lines of a mapping: plain values, one-line mappings, lists of one-line mappings, several lines of text."""
    lines: list[str] = []
    for key, value in table.items():
        if isinstance(value, Mapping):
            lines.append(f"{key}: {flow(value)}")
        elif isinstance(value, str) and "\n" in value:
            lines += [f"{key}: |", *(f"  {line}".rstrip() for line in value.splitlines())]
        elif isinstance(value, str):
            lines.append(f"{key}: '{value}'" if key == "area" else f"{key}: {scalar(value)}")
        elif isinstance(value, Sequence):
            lines.append(f"{key}: [{', '.join(flow(one) for one in value)}]")
    return lines
