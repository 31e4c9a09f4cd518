"""What somebody said, as CASE.json has it: declared values, and those obliged to support a person as rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from doudi.engine.tree import Kind
from doudi.matching.logic.families import NOT_ANSWERED, declared_fact
from doudi.registry.logic.obligors import Obligor

UNKNOWN = {"unknown": NOT_ANSWERED}
BOOLEANS: dict[str, Any] = {"true": True, "false": False}


def said(value: str | None, kind: Kind) -> Any:
    """A declared value in its kind; asked and not cleared up, or off its list, is unknown."""
    known = declared_fact(value, kind.codes)
    if known is None:
        return UNKNOWN
    if kind.base == "boolean":
        return BOOLEANS.get(known, UNKNOWN)
    return int(known) if kind.base == "integer" else known


def obligor_rows(obligors: tuple[Obligor, ...] | None, kinds: Mapping[str, Kind]) -> Any:
    """Rows of the facts the rulebook knows; nobody is no row, asked and not known is unknown as a whole.

    A fact never asked of an obligor is left out of the row.
    """
    if obligors is None:
        return UNKNOWN
    return [{name: said(value, kinds[name]) for name, value in one.facts.items() if name in kinds} for one in obligors]
