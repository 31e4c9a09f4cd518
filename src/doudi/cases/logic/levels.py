"""What of a proposal a reader may see: the township household totals, and of bank data over or under.

The verification officer sees everything, down to the rows. Everybody else sees steps about single persons only where
they are ordinary; of income and health the family's totals, without the persons' amounts in the arithmetic; of bank
data only whether a limit is kept; no row numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from doudi.engine.rulebook import Rulebook

TOWNSHIP, OFFICER = "township", "officer"
ORDINARY, BANK = "ordinary", "bank"


def level_of(role: str) -> str:
    """The level of a role: only the verification officer sees rows and bank values."""
    return OFFICER if role in ("verification_officer", "system") else TOWNSHIP


def seen_at(proposal: Mapping[str, Any], rulebook: Rulebook, level: str) -> dict[str, Any]:
    """A proposal's JSON at a level; ValueError for a level that does not exist."""
    if level == OFFICER:
        return dict(proposal)
    if level != TOWNSHIP:
        raise ValueError(level)
    steps = [step for step in proposal["steps"] if _shows(step["name"], step["value"], rulebook)]
    kept = {step["id"] for step in steps}
    values = {name: value for name, value in proposal["values"].items() if _shows(name.split("@")[0], value, rulebook)}
    return {**proposal, "values": values, "steps": [_shortened(step, kept, rulebook) for step in steps]}


def _shows(name: str, value: object, rulebook: Rulebook) -> bool:
    """Whether a quantity is for the township's eyes at all."""
    sensitivity = sensitivity_of(name, rulebook)
    if sensitivity == ORDINARY:
        return True
    if not name.startswith("household."):
        return False
    return sensitivity != BANK or value is None or isinstance(value, bool)


def _shortened(step: Mapping[str, Any], kept: set[str], rulebook: Rulebook) -> dict[str, Any]:
    """A step without single persons' amounts and without row numbers; of bank data without any arithmetic."""
    names = {item.split("@")[0] for item in step["inputs"]}
    hidden = sensitivity_of(step["name"], rulebook) == BANK or any(_is_amount_withheld(n, rulebook) for n in names)
    sources = [{**source, "rows": []} for source in step["sources"]]
    worked = dict(step["shown"]) if hidden else step["worked"]
    inputs = [item for item in step["inputs"] if item in kept]
    return {**step, "inputs": inputs, "worked": worked, "sources": sources}


def _is_amount_withheld(name: str, rulebook: Rulebook) -> bool:
    quantity = rulebook.quantities.get(name)
    is_yes_or_no = quantity is not None and quantity.kind.base == "boolean"
    return not _shows(name, True if is_yes_or_no else "", rulebook)


def sensitivity_of(name: str, rulebook: Rulebook) -> str:
    """The sensitivity of a quantity or fact by qualified name."""
    quantity = rulebook.quantities.get(name)
    if quantity is not None:
        return quantity.sensitivity
    fact = rulebook.facts.get(name)
    return fact.sensitivity if fact is not None else ORDINARY
