"""Which sources a quantity speaks of, and whether its yes is good for the family: both read off the checked rules.

A quantity speaks of the feeds its value comes from. Filters and tests do not count: whether a car's owner is
counted depends on the death register, but the number of cars is the vehicle register's word alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from doudi.engine.reads import read_by_chains
from doudi.engine.rulebook import Quantity, Rulebook
from doudi.engine.tree import Aggregate, And, Arithmetic, Call, Case, Coalesce, KnownExceeds, Node, Not, Or, Ref
from doudi.engine.walk import children

NOTHING: frozenset[str] = frozenset()


_SPOKEN: dict[str, dict[str, frozenset[str]]] = {}


def feeds_spoken_of(rulebook: Rulebook) -> dict[str, frozenset[str]]:
    """Qualified name of every quantity → the feeds its value comes from; worked out once a rulebook."""
    if rulebook.hash not in _SPOKEN:
        found: dict[str, frozenset[str]] = {}
        for name, quantity in rulebook.quantities.items():
            found[name] = feeds_of(quantity.formula, rulebook, found)
        _SPOKEN[rulebook.hash] = found
    return _SPOKEN[rulebook.hash]


def feeds_of(node: Node, rulebook: Rulebook, known: dict[str, frozenset[str]]) -> frozenset[str]:
    """The feeds a formula's value comes from; `known` has those of the quantities it names."""
    if isinstance(node, Ref):
        return known.get(f"{node.entity}.{node.name}", NOTHING)
    own = NOTHING
    if isinstance(node, Aggregate) and node.over in rulebook.records:
        own = frozenset([rulebook.records[node.over].feed.name])
    return own.union(*(feeds_of(part, rulebook, known) for part in _value_parts(node)))


def _value_parts(node: Node) -> Iterator[Node]:
    """The parts that a value is made of, without filters and tests."""
    if isinstance(node, Aggregate):
        yield from (part for part in (node.value,) if part is not None)
    elif isinstance(node, KnownExceeds):
        yield node.total
    elif isinstance(node, Case):
        yield from (value for _test, value in node.branches)
        yield node.otherwise
    else:
        yield from children(node)


@dataclass(frozen=True, slots=True)
class Limit:
    """A yes-or-no question of the rules about a household; `good` is the answer that helps towards a programme."""

    quantity: Quantity
    good: bool
    feeds: frozenset[str]


def limits(rulebook: Rulebook) -> list[Limit]:
    """Household limits with a sentence for yes and no, in the order of the rules; sums of other limits are left out."""
    signs = _signs(rulebook)
    spoken = feeds_spoken_of(rulebook)
    return [
        Limit(quantity, signs[name] == {True}, spoken[name])
        for name, quantity in rulebook.quantities.items()
        if name in signs
        and len(signs[name]) == 1
        and quantity.yes
        and quantity.no
        and spoken[name]
        and not _is_made_of_limits(quantity.formula, signs)
    ]


def _signs(rulebook: Rulebook) -> dict[str, set[bool]]:
    """Yes-or-no quantities of the household that the chains' programmes ask for: {True} if a yes helps, {False} if a no
    does.
    """
    found: dict[str, set[bool]] = {}

    def visit(node: Node, good: bool) -> None:
        if isinstance(node, Not):
            visit(node.operand, not good)
        elif isinstance(node, (And, Or)):
            for part in node.operands:
                visit(part, good)
        elif isinstance(node, (Case, Coalesce)):
            for part in _value_parts(node):
                visit(part, good)
        elif isinstance(node, Ref) and node.entity == "household":
            quantity = rulebook.quantities.get(f"household.{node.name}")
            if quantity is not None and quantity.origin == "rule" and quantity.kind.base == "boolean":
                seen = found.setdefault(quantity.qualified, set())
                if good not in seen:
                    seen.add(good)
                    visit(quantity.formula, good)

    for name in dict.fromkeys(name for chain in rulebook.chains.values() for name in chain.programmes):
        eligible = rulebook.quantities.get(f"household.{name}__eligible")
        if eligible is not None:
            visit(eligible.formula, True)
    return found


def _is_made_of_limits(node: Node, signs: dict[str, set[bool]]) -> bool:
    if isinstance(node, Ref):
        return f"{node.entity}.{node.name}" in signs
    if isinstance(node, (And, Or, Not)):
        return any(_is_made_of_limits(part, signs) for part in children(node))
    return False


@dataclass(frozen=True, slots=True)
class Besides:
    """What a declared amount stands beside in a sum of the rules: a quantity that departments' data answer for."""

    quantity: Quantity
    feeds: frozenset[str]


def found_besides(rulebook: Rulebook, fact: str) -> tuple[Besides, ...]:
    """The found quantities of the same kind that a declared fact is added to, by the first rule that adds them."""
    spoken = feeds_spoken_of(rulebook)
    sensitivity = rulebook.facts[fact].sensitivity
    for _quantity, named in _named_sums(rulebook):
        if fact in named:
            others = [rulebook.quantities[name] for name in named if name in rulebook.quantities]
            kept = [item for item in others if item.sensitivity == sensitivity and spoken[item.qualified]]
            return tuple(Besides(item, spoken[item.qualified]) for item in kept)
    return ()


def totals(rulebook: Rulebook) -> list[Quantity]:
    """Household figures a verification speaks of: those of one source; parts and sums with declared amounts in them.

    What a programme makes of them (income per head, amounts) is the decision's business.
    """
    spoken = feeds_spoken_of(rulebook)
    declared = {fact.qualified for fact in rulebook.facts.values() if fact.source == "declared"}
    read = read_by_chains(rulebook)
    wanted: set[str] = set()
    for quantity, named in _named_sums(rulebook):
        if declared & set(named):
            wanted |= {quantity.qualified, *named}
    return [
        quantity
        for name, quantity in rulebook.quantities.items()
        if (quantity.entity, quantity.origin) == ("household", "rule")
        and name in read
        and quantity.kind.base in ("number", "integer")
        and (len(spoken[name]) == 1 or (spoken[name] and name in wanted))
    ]


def _named_sums(rulebook: Rulebook) -> Iterator[tuple[Quantity, list[str]]]:
    """Every sum of the rules with the names of what it adds."""
    for quantity in rulebook.quantities.values():
        if quantity.origin == "rule":
            for parts in _sums(quantity.formula):
                yield quantity, [f"{ref.entity}.{ref.name}" for ref in map(_named, parts) if ref is not None]


def _sums(node: Node) -> Iterator[list[Node]]:
    """Every sum in a formula as the list of what is added."""

    if isinstance(node, Arithmetic) and node.op == "+":
        parts = list(_addends(node))
        yield parts
        for part in parts:
            yield from _sums(part)
        return
    for child in children(node):
        yield from _sums(child)


def _addends(node: Node) -> Iterator[Node]:

    if isinstance(node, Arithmetic) and node.op == "+":
        yield from _addends(node.left)
        yield from _addends(node.right)
    else:
        yield node


def _named(node: Node) -> Ref | None:
    """The name behind a part of a sum, `monthly()` and `yearly()` taken off."""

    if isinstance(node, Call) and len(node.arguments) == 1:
        return _named(node.arguments[0])
    if isinstance(node, Coalesce):
        return _named(node.operand)
    return node if isinstance(node, Ref) else None
