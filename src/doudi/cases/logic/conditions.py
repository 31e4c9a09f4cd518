"""The conditions of a programme as its rules have them: each yes-or-no of the household, and which answer is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from doudi.engine.rulebook import Rulebook
from doudi.engine.tree import And, Node, Not, Ref

DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Condition:
    """A yes-or-no quantity of the household and the answer under which the condition is met."""

    name: str
    wanted: bool


def conditions_of(rulebook: Rulebook, programme: str) -> tuple[Condition, ...]:
    """The conditions in rule order; those that only join others are replaced by what they join."""
    quantity = rulebook.quantities.get(f"household.{programme}__eligible")
    found = _walk(rulebook, quantity.formula, True, 0) if quantity is not None else iter(())
    return tuple(dict.fromkeys(found))


def top_conditions(rulebook: Rulebook, programme: str) -> tuple[Condition, ...]:
    """The few conditions a programme names itself, not opened further: what its first sentence says."""
    quantity = rulebook.quantities.get(f"household.{programme}__eligible")
    node = quantity.formula if quantity is not None else None
    while isinstance(node, Ref) and (inner := rulebook.quantities.get(f"{node.entity}.{node.name}")) is not None:
        if not _is_joined(inner.formula):
            break
        node = inner.formula
    return tuple(dict.fromkeys(_listed(rulebook, node))) if node is not None else ()


def _listed(rulebook: Rulebook, node: Node) -> Iterator[Condition]:
    for part, wanted in _parts(node, True):
        if isinstance(part, Ref) and part.entity == "household" and _is_rule(rulebook, part):
            yield Condition(f"household.{part.name}", wanted)


def _walk(rulebook: Rulebook, node: Node, wanted: bool, depth: int) -> Iterator[Condition]:
    for part, sign in _parts(node, wanted):
        if not isinstance(part, Ref) or part.entity != "household" or not _is_rule(rulebook, part):
            continue
        inner = rulebook.quantities[f"household.{part.name}"].formula
        if _is_joined(inner) and depth < DEEPEST and any(_walk(rulebook, inner, sign, depth + 1)):
            yield from _walk(rulebook, inner, sign, depth + 1)
        else:
            yield Condition(f"household.{part.name}", sign)


def _parts(node: Node, wanted: bool) -> Iterator[tuple[Node, bool]]:
    """What is joined by `and`, with `not` taken off; anything else stays whole."""
    if isinstance(node, Not):
        yield from _parts(node.operand, not wanted)
    elif isinstance(node, And):
        for operand in node.operands:
            yield from _parts(operand, wanted)
    else:
        yield node, wanted


def _is_joined(node: Node) -> bool:
    return isinstance(node, (And, Ref)) or (isinstance(node, Not) and _is_joined(node.operand))


def _is_rule(rulebook: Rulebook, node: Ref) -> bool:
    quantity = rulebook.quantities.get(f"household.{node.name}")
    return quantity is not None and quantity.kind.base == "boolean"
