"""What the chains are worked out from. Programmes outside of a chain are asked about when they are applied for."""

from __future__ import annotations

from doudi.engine.quantities import Rulebook
from doudi.engine.tree import Node
from doudi.engine.walk import references

_READ: dict[str, frozenset[str]] = {}


def read_by_chains(rulebook: Rulebook) -> frozenset[str]:
    """Qualified names of the facts and quantities that the results of the chains read; worked out once a rulebook."""
    if rulebook.hash not in _READ:
        found: set[str] = set()
        waiting = [name for name, quantity in rulebook.quantities.items() if quantity.origin == "chain"]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                quantity = rulebook.quantities.get(name)
                waiting += _names_in(rulebook, quantity.formula, quantity.entity) if quantity is not None else []
        _READ[rulebook.hash] = frozenset(found)
    return _READ[rulebook.hash]


def _names_in(rulebook: Rulebook, node: Node, scope: str) -> list[str]:
    """What a formula names, and what decides which value of a figure holds."""
    names: list[str] = []
    for ref, _ in references(node, scope):
        if ref.entity != "parameter":
            names.append(f"{ref.entity}.{ref.name}")
        elif (by := rulebook.parameters[ref.name].by) is not None:
            names += _names_in(rulebook, by, "household")
    return names
