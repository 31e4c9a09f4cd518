"""What of a proposal a reader may see: the township household totals, and of bank data over or under.

Who is at which level is said in the access policy. At level officer everything is seen, down to the rows. At the
others steps about single persons only where they are ordinary, and no row numbers: at township of income and health the
family's totals, without the persons' amounts in the arithmetic, of bank data only whether a limit is kept; at limits of
all of them only whether a limit is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from doudi.accounts.logic.policy import LIMITS, OFFICER, TOWNSHIP
from doudi.engine.rulebook import Rulebook

ORDINARY = "ordinary"
LIMITED = {TOWNSHIP: frozenset(["bank"]), LIMITS: frozenset(["income", "health", "bank"])}
"""Classes of which a level sees over or under only."""


def seen_at(proposal: Mapping[str, Any], rulebook: Rulebook, level: str) -> dict[str, Any]:
    """A proposal's JSON at a level; ValueError for a level that does not exist."""
    if level == OFFICER:
        return dict(proposal)
    if level not in LIMITED:
        raise ValueError(level)
    limited, values = LIMITED[level], proposal["values"]
    steps = [step for step in proposal["steps"] if _shows(step["name"], step["value"], rulebook, limited)]
    kept = {step["id"] for step in steps}
    values = {n: value for n, value in values.items() if _shows(n.split("@")[0], value, rulebook, limited)}
    return {**proposal, "values": values, "steps": [_shortened(step, kept, rulebook, limited) for step in steps]}


def _shows(name: str, value: object, rulebook: Rulebook, limited: frozenset[str]) -> bool:
    """Whether a quantity is for these eyes at all; of limited classes a yes or a no and nothing else."""
    sensitivity = sensitivity_of(name, rulebook)
    if sensitivity == ORDINARY:
        return True
    if not name.startswith("household."):
        return False
    return sensitivity not in limited or value is None or isinstance(value, bool)


def _shortened(step: Mapping[str, Any], kept: set[str], rulebook: Rulebook, limited: frozenset[str]) -> dict[str, Any]:
    """A step without single persons' amounts and without row numbers; of limited classes without any arithmetic."""
    names = {item.split("@")[0] for item in step["inputs"]}
    is_limited = sensitivity_of(step["name"], rulebook) in limited
    hidden = is_limited or any(_is_amount_withheld(n, rulebook, limited) for n in names)
    sources = [{**source, "rows": []} for source in step["sources"]]
    worked = dict(step["shown"]) if hidden else step["worked"]
    inputs = [item for item in step["inputs"] if item in kept]
    return {**step, "inputs": inputs, "worked": worked, "sources": sources}


def _is_amount_withheld(name: str, rulebook: Rulebook, limited: frozenset[str]) -> bool:
    quantity = rulebook.quantities.get(name)
    is_yes_or_no = quantity is not None and quantity.kind.base == "boolean"
    return not _shows(name, True if is_yes_or_no else "", rulebook, limited)


def sensitivity_of(name: str, rulebook: Rulebook) -> str:
    """The sensitivity of a quantity or fact by qualified name."""
    quantity = rulebook.quantities.get(name)
    if quantity is not None:
        return quantity.sensitivity
    fact = rulebook.facts.get(name)
    return fact.sensitivity if fact is not None else ORDINARY
