"""Answers that facts may be given: all of them where they can be counted, else ranges between the limits they meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise, product
from math import prod

from doudi.engine.errors import EngineError
from doudi.engine.outlook import WORKERS, Outlook
from doudi.engine.outlook_rows import ROW_WORKERS
from doudi.engine.python import Program
from doudi.engine.quantities import Rulebook
from doudi.engine.ranges import Possible, Range, may_be_unknown, one
from doudi.engine.subject import Subject
from doudi.engine.tree import Compare, Const, Kind, Node, Ref
from doudi.engine.walk import children, references

_MOST = 64
"""Most combinations of ranges that are tried; beyond, those of one fact are taken together."""
_STEP = Decimal("0.0000000001")
"""Numbers are held with ten decimals: there is none between two so far apart."""
_KEPT = 64
Asked = tuple[str, Subject]
"""A fact by qualified name, and whose."""


class Answering:
    """What is the same for every case of a rulebook: which names depend on which, and the limits facts are held to."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._readers: dict[str, set[str]] = {}
        self._limits: dict[str, list[Node]] = {}
        self._touched: dict[frozenset[str], _Touched] = {}
        for name, quantity in rulebook.quantities.items():
            for ref, _ in references(quantity.formula, quantity.entity):
                self._readers.setdefault(f"{ref.entity}.{ref.name}", set()).add(name)
            for fact, limit in _limits(quantity.formula):
                self._limits.setdefault(fact, []).append(limit)
        for name, parameter in rulebook.parameters.items():
            self._readers.setdefault("household.area", set()).add(f"parameter.{name}")
            for ref, _ in references(parameter.by, "household") if parameter.by is not None else ():
                self._readers.setdefault(f"{ref.entity}.{ref.name}", set()).add(f"parameter.{name}")

    def touched(self, names: frozenset[str]) -> Callable[[Node], bool]:
        """Whether a formula names any of these or what depends on them."""
        if names not in self._touched:
            if len(self._touched) >= _KEPT:
                self._touched.clear()
            self._touched[names] = _Touched(self._dependents(names))
        return self._touched[names].touches

    def _dependents(self, names: frozenset[str]) -> frozenset[str]:
        found, waiting = set(names), list(names)
        while waiting:
            for reader in self._readers.get(waiting.pop(), ()):
                if reader not in found:
                    found.add(reader)
                    waiting.append(reader)
        return frozenset(found)

    def pieces(self, kind: Kind, fact: str, program: Program, household: Subject) -> list[Possible]:
        """All that a fact can be answered with, in pieces."""
        if kind.base == "boolean" or kind.codes:
            return [one(value) for value in ((True, False) if kind.base == "boolean" else kind.codes or ())]
        if kind.base not in ("number", "integer"):
            return [Range(None, None, False)]
        met = {limit for node in self._limits.get(fact, ()) if (limit := _value(node, program, household)) is not None}
        return list(_between(sorted(met), kind.minimum))


class _Touched:
    """Which nodes name any of some names; looked up once a node."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._seen: dict[int, tuple[Node, bool]] = {}

    def touches(self, node: Node) -> bool:
        """Known by the node's identity."""
        found = self._seen.get(id(node))
        if found is None:
            own = isinstance(node, Ref) and f"{node.entity}.{node.name}" in self._names
            found = self._seen[id(node)] = (node, own or any(self.touches(child) for child in children(node)))
        return found[1]


def _limits(node: Node) -> Iterator[tuple[str, Node]]:
    """Facts that are compared with a constant or a figure, with that."""
    if isinstance(node, Compare):
        for side, other in ((node.left, node.right), (node.right, node.left)):
            is_figure = isinstance(other, Const) or (isinstance(other, Ref) and other.entity == "parameter")
            if isinstance(side, Ref) and is_figure:
                yield f"{side.entity}.{side.name}", other
    for child in children(node):
        yield from _limits(child)


def _value(node: Node, program: Program, household: Subject) -> Decimal | None:
    try:
        value = program.evaluate(node, household)
    except EngineError:
        return None
    return Decimal(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else None


def _between(limits: list[Decimal], minimum: Decimal | None) -> Iterator[Possible]:
    """Every limit by itself, and what lies between."""
    inside = [limit for limit in limits if minimum is None or limit >= minimum]
    if not inside:
        yield Range(minimum, None, False)
        return
    if minimum is None or minimum < inside[0]:
        yield Range(minimum, inside[0] - _STEP, False)
    for limit in inside:
        yield one(limit)
    for low, high in pairwise(inside):
        yield Range(low + _STEP, high - _STEP, False)
    yield Range(inside[-1] + _STEP, None, False)


def is_known_whatever(
    answering: Answering,
    program: Program,
    pieces: Mapping[Asked, Sequence[Possible]],
    name: str,
    household: Subject,
) -> bool:
    """Whether a household quantity is known for all answers to what is asked, the rest staying as it is."""
    keys = [(fact, id(subject)) for fact, subject in pieces]
    touched = answering.touched(frozenset(fact for fact, _ in pieces))
    workers = WORKERS | ROW_WORKERS
    for answers in product(*_few(list(pieces.values()))):
        given = dict(zip(keys, answers, strict=True))
        seen = Outlook(answering.rulebook, program, workers, given, touched)
        if may_be_unknown(seen.named("household", name, household)):
            return False
    return True


def _few(pieces: list[Sequence[Possible]]) -> list[Sequence[Possible]]:
    """Few enough combinations: of the facts in most pieces the pieces are taken together."""
    while prod(len(part) for part in pieces) > _MOST:
        longest = max(range(len(pieces)), key=lambda index: len(pieces[index]))
        pieces = [[_together(part)] if index == longest else part for index, part in enumerate(pieces)]
    return pieces


def _together(pieces: Sequence[Possible]) -> Possible:
    if all(isinstance(piece, frozenset) for piece in pieces) and not any(
        isinstance(value, Decimal) for piece in pieces if isinstance(piece, frozenset) for value in piece
    ):
        return frozenset(value for piece in pieces if isinstance(piece, frozenset) for value in piece)
    first = pieces[0]
    low = first.low if isinstance(first, Range) else min(first)
    return Range(low, None, False)


_ANSWERING: dict[str, Answering] = {}


def answering(rulebook: Rulebook) -> Answering:
    """Worked out once a rulebook; the last few are kept."""
    found = _ANSWERING.get(rulebook.hash)
    if found is None or found.rulebook is not rulebook:
        found = _ANSWERING[rulebook.hash] = Answering(rulebook)
        while len(_ANSWERING) > _KEPT:
            _ANSWERING.pop(next(iter(_ANSWERING)))
    return found
