"""Whether a quantity can ever be known: the results a formula can have when every fact that is given is known.

Exactly: facts and columns are known, of any value; so are choices and figures; a record or household may be empty. Each
formula then has a set of possible results (true, false, a value, unknown) by the three-valued rules, parts of a formula
taken as independent. A quantity whose set is unknown alone is never known for anyone, whatever is asked: it is refused,
and only where it begins, not where it is read on. What is unknown only for some is right and stays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import product

from doudi.engine.quantities import Rulebook
from doudi.engine.tree import (
    Aggregate,
    And,
    Answered,
    Case,
    Coalesce,
    Const,
    IsKnown,
    Kind,
    KnownExceeds,
    Node,
    Not,
    Or,
    Ref,
)
from doudi.engine.walk import children

Results = frozenset[str]
UNKNOWN: Results = frozenset({"unknown"})
TRUE: Results = frozenset({"true"})
FALSE: Results = frozenset({"false"})
VALUE: Results = frozenset({"value"})
_NOT = {"true": "false", "false": "true", "unknown": "unknown"}
_OVER_NOBODY = {"any": FALSE, "exists": FALSE, "all": TRUE, "sum": VALUE, "count": VALUE, "count_distinct": VALUE}


def never_known(rulebook: Rulebook) -> list[str]:
    """Qualified names of the quantities that are unknown for everyone, where it begins."""
    found: dict[str, Results] = {}
    began: list[str] = []
    for name, quantity in rulebook.quantities.items():
        read: list[str] = []

        def of(ref: Ref, read: list[str] = read) -> Results:
            own = f"{ref.entity}.{ref.name}"
            if own in found and found[own] == UNKNOWN:
                read.append(own)
            return found.get(own, _known(ref.kind))

        found[name] = quantity_results = possible(quantity.formula, of)
        if quantity_results == UNKNOWN and not read and quantity.origin == "rule":
            began.append(name)
    return began


def _known(kind: Kind) -> Results:
    return TRUE | FALSE if kind.base == "boolean" else VALUE


def possible(node: Node, of: Callable[[Ref], Results]) -> Results:
    """The results a formula can have; `of` gives those of what it names."""
    if isinstance(node, Ref):
        return of(node)
    if isinstance(node, Const):
        return _constant(node)
    if isinstance(node, Not):
        return frozenset(_NOT[one] for one in possible(node.operand, of))
    if isinstance(node, (And, Or)):
        both = _and if isinstance(node, And) else _or
        return reduce(lambda left, right: frozenset(both(a, b) for a, b in product(left, right)),
                      (possible(part, of) for part in node.operands))  # fmt: skip
    if isinstance(node, Case):
        return _case(node, of)
    if isinstance(node, Coalesce):
        first = possible(node.operand, of)
        return (first - UNKNOWN) | (possible(node.default, of) if first >= UNKNOWN else frozenset())
    if isinstance(node, IsKnown):
        first = possible(node.operand, of)
        return (TRUE if first - UNKNOWN else frozenset()) | (FALSE if first >= UNKNOWN else frozenset())
    if isinstance(node, Answered):
        return TRUE
    if isinstance(node, Aggregate):
        return _aggregate(node, of)
    if isinstance(node, KnownExceeds):
        return UNKNOWN if possible(node.limit, of) == UNKNOWN else TRUE | FALSE | UNKNOWN
    return _plain(node, of)


def _constant(node: Const) -> Results:
    if node.value is None:
        return UNKNOWN
    return VALUE if not isinstance(node.value, bool) else TRUE if node.value else FALSE


def _plain(node: Node, of: Callable[[Ref], Results]) -> Results:
    """Comparison, arithmetic, functions: known where every part is."""
    parts = [possible(part, of) for part in children(node)]
    known = _known(node.kind) if all(part - UNKNOWN for part in parts) else frozenset()
    return known | (UNKNOWN if any(part >= UNKNOWN for part in parts) else frozenset())


def _and(left: str, right: str) -> str:
    if "false" in (left, right):
        return "false"
    return "unknown" if "unknown" in (left, right) else "true"


def _or(left: str, right: str) -> str:
    return _NOT[_and(_NOT[left], _NOT[right])]


def _case(node: Case, of: Callable[[Ref], Results]) -> Results:
    found: Results = frozenset()
    for test, value in node.branches:
        asked = possible(test, of)
        if asked >= TRUE:
            found |= possible(value, of)
        if asked >= UNKNOWN:
            found |= UNKNOWN
        if not asked & FALSE:
            return found
    return found | possible(node.otherwise, of)


def _aggregate(node: Aggregate, of: Callable[[Ref], Results]) -> Results:
    """Over nobody always, since there may be nobody; over somebody where a row may count."""
    where = possible(node.where, of) if node.where is not None else TRUE
    found = _OVER_NOBODY.get(node.op, UNKNOWN)
    if where >= UNKNOWN:
        found |= UNKNOWN
    if not where >= TRUE:
        return found
    value = possible(node.value, of) if node.value is not None else VALUE
    keys = [possible(part, of) for part in (node.once_per, node.order) if part is not None]
    if any(part == UNKNOWN for part in keys) or value == UNKNOWN:
        return found | UNKNOWN
    if node.op in ("any", "all"):
        return found | value
    return found | _known(node.kind) | (value & UNKNOWN)
