"""One household with the earned income of one person turned up and down: what it then has, and which way its rules go.

The *signature* of an income is the way every rule goes that depends on it: values of conditions and codes, branches of
`case`, the operand that `least` and `greatest` take. Between two incomes of one signature resources follow one straight
line (up to rounding); where signatures differ something flips.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from doudi.engine.errors import EngineError
from doudi.engine.python import Program
from doudi.engine.quantities import Quantity, Rulebook
from doudi.engine.standing import Standing, standings
from doudi.engine.subject import Subject, Value
from doudi.engine.tree import Aggregate, Case, Extreme, Node
from doudi.engine.walk import children, references

EARNED = "wage_total"
"""The fact turned: wages of a year (yuan/year), as a case may give it instead of the tax office's rows."""
FEN = Decimal("0.01")
_RULES = ("rule", "rows")
"""What programmes and chains make of these is in the standings."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One income: standing in each programme, the signature, and the conditions' values by (name, subject)."""

    earned: Decimal
    standings: dict[str, Standing]
    signature: tuple[Value, ...]
    conditions: dict[tuple[str, str], Value]


class Probe:
    """Reads one household of one rulebook at any earned income of one person. Not for several threads."""

    def __init__(
        self, rulebook: Rulebook, program: Program, household: Subject, person: Subject, programmes: Sequence[str]
    ) -> None:
        self._rulebook, self._program, self._programmes = rulebook, program, programmes
        self._household, self._person = household, person
        below = self._below(programmes)
        self._moving = [q for q in self._dependent(f"person.{EARNED}") if q.qualified in below]
        self._forks = {q.qualified: list(_forks(q.formula)) for q in self._moving}
        self._known: dict[int, Reading] = {}

    def at(self, fen: int) -> Reading:
        """The household if the person earned so many fen a month."""
        found = self._known.get(fen)
        if found is None:
            found = self._known[fen] = self._read(fen)
        return found

    def conditions_below(self, programmes: Sequence[str]) -> list[Quantity]:
        """The conditions some programmes depend on and that move with the income, lowest first."""
        below = self._below(programmes)
        return [q for q in self._moving if q.qualified in below and q.kind.base == "boolean" and q.origin == "rule"]

    def subjects(self, quantity: Quantity) -> list[Subject]:
        """Whom a quantity is worked out for."""
        return self._household.members if quantity.entity == "person" else [self._household]

    def _read(self, fen: int) -> Reading:
        earned = fen * FEN
        self._person.facts[EARNED] = earned * 12
        forget(self._household)
        stand = standings(self._rulebook, self._program, self._household, self._programmes)
        signature: list[Value] = [s.outcome for s in stand.values()]
        conditions: dict[tuple[str, str], Value] = {}
        for quantity in self._moving:
            for subject in self.subjects(quantity):
                value = self._value(quantity, subject)
                if quantity.kind.base in ("boolean", "code"):
                    signature.append(value)
                    conditions[quantity.qualified, subject.id] = value
                signature += self._ways(self._forks[quantity.qualified], subject)
                signature.append(value is None)
        return Reading(earned, stand, tuple(signature), conditions)

    def _value(self, quantity: Quantity, subject: Subject) -> Value:
        try:
            return self._program.value(subject, quantity.name)
        except EngineError:
            return None

    def _ways(self, nodes: Sequence[Node], subject: Subject) -> Iterator[Value]:
        """Which branches of each `case` hold and which operand of each extreme wins."""
        for node in nodes:
            if isinstance(node, Case):
                yield from (self._evaluate(test, subject) for test, _ in node.branches)
            elif isinstance(node, Extreme):
                values = [self._evaluate(operand, subject) for operand in node.operands]
                known = [v for v in values if isinstance(v, (int, Decimal))]
                won = (min if node.op == "least" else max)(known, default=None)
                yield known.index(won) if won is not None and len(known) == len(values) else None

    def _evaluate(self, node: Node, subject: Subject) -> Value:
        try:
            return self._program.evaluate(node, subject)
        except (EngineError, ArithmeticError):
            return None

    def _dependent(self, source: str) -> list[Quantity]:
        """Rules of household and persons that read the fact, directly or not, in order of working out."""
        moving = {source}
        found = []
        for quantity in self._rulebook.quantities.values():
            reads = (f"{ref.entity}.{ref.name}" for ref, _ in references(quantity.formula, quantity.entity))
            if any(name in moving for name in reads):
                moving.add(quantity.qualified)
                if quantity.entity in ("household", "person") and quantity.origin in _RULES:
                    found.append(quantity)
        return found

    def _below(self, programmes: Sequence[str]) -> set[str]:
        """Everything the outcomes and amounts of some programmes are worked out from, chains included."""
        chains = [c.name for c in self._rulebook.chains.values() if set(c.programmes) & set(programmes)]
        waiting = [f"household.{name}__{part}" for name in programmes for part in ("outcome", "amount")]
        waiting += [f"household.chain__{name}__{part}" for name in chains for part in ("programme", "pending")]
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            quantity = self._rulebook.quantities.get(name)
            if name in found or quantity is None:
                continue
            found.add(name)
            waiting += [f"{ref.entity}.{ref.name}" for ref, _ in references(quantity.formula, quantity.entity)]
        return found


def _forks(node: Node) -> Iterator[Node]:
    """Every `case`, `least` and `greatest` of a formula outside its aggregates."""
    if isinstance(node, Aggregate):
        return
    if isinstance(node, (Case, Extreme)):
        yield node
    for child in children(node):
        yield from _forks(child)


def forget(household: Subject) -> None:
    """Take off what was worked out from another income."""
    household.memo.clear()
    for person in household.persons:
        person.memo.clear()
        for rows in person.rows.values():
            for row in rows:
                row.memo.clear()
