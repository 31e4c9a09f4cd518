"""One household with the earned income of one person turned up and down: what it then has, and which way its rules go.

The *signature* of an income is the way every rule goes that depends on it: values of conditions and codes, branches of
`case`, the operand that `least` and `greatest` take. Between two incomes of one signature resources follow one straight
line (up to rounding); where signatures differ something flips.
"""

from __future__ import annotations

from collections.abc import Iterator
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


@dataclass(frozen=True, slots=True)
class Reading:
    """One income: standing in each programme, the signature, and the conditions' values by (name, subject)."""

    earned: Decimal
    standings: dict[str, Standing]
    signature: tuple[Value, ...]
    conditions: dict[tuple[str, str], Value]


class Probe:
    """Reads one household of one rulebook at any earned income of one person. Not for several threads."""

    def __init__(self, rulebook: Rulebook, program: Program, household: Subject, person: Subject) -> None:
        self._rulebook, self._program = rulebook, program
        self._household, self._person = household, person
        self._moving = self._dependent(f"person.{EARNED}")
        self._known: dict[int, Reading] = {}

    def at(self, fen: int) -> Reading:
        """The household if the person earned so many fen a month."""
        found = self._known.get(fen)
        if found is None:
            found = self._known[fen] = self._read(fen)
        return found

    def conditions_below(self, programmes: list[str]) -> list[Quantity]:
        """The conditions some programmes depend on and that move with the income, lowest first."""
        below = set().union(
            *(self._below(f"household.{name}__{part}") for name in programmes for part in ("outcome", "amount"))
        )
        return [q for q in self._moving if q.qualified in below and q.kind.base == "boolean" and q.origin == "rule"]

    def subjects(self, quantity: Quantity) -> list[Subject]:
        """Whom a quantity is worked out for."""
        return self._household.members if quantity.entity == "person" else [self._household]

    def _read(self, fen: int) -> Reading:
        earned = fen * FEN
        self._person.facts[EARNED] = earned * 12
        forget(self._household)
        stand = standings(self._rulebook, self._program, self._household)
        signature: list[Value] = [s.outcome for s in stand.values()]
        conditions: dict[tuple[str, str], Value] = {}
        for quantity in self._moving:
            for subject in self.subjects(quantity):
                value = self._value(quantity, subject)
                if quantity.kind.base in ("boolean", "code"):
                    signature.append(value)
                    conditions[quantity.qualified, subject.id] = value
                signature += self._ways(quantity.formula, subject)
                signature.append(value is None)
        return Reading(earned, stand, tuple(signature), conditions)

    def _value(self, quantity: Quantity, subject: Subject) -> Value:
        try:
            return self._program.value(subject, quantity.name)
        except EngineError:
            return None

    def _ways(self, node: Node, subject: Subject) -> Iterator[Value]:
        """Which branch each `case` takes and which operand wins, outside aggregates."""
        if isinstance(node, Aggregate):
            return
        if isinstance(node, Case):
            for number, (test, value) in enumerate(node.branches):
                holds = self._evaluate(test, subject)
                yield from self._ways(test, subject)
                if holds is not False:
                    yield number if holds else None
                    yield from self._ways(value, subject) if holds else ()
                    return
            yield -1
            yield from self._ways(node.otherwise, subject)
            return
        if isinstance(node, Extreme):
            values = [self._evaluate(operand, subject) for operand in node.operands]
            known = [v for v in values if isinstance(v, (int, Decimal))]
            yield None if len(known) < len(values) else known.index((min if node.op == "least" else max)(known))
        for child in children(node):
            yield from self._ways(child, subject)

    def _evaluate(self, node: Node, subject: Subject) -> Value:
        try:
            return self._program.evaluate(node, subject)
        except (EngineError, ArithmeticError):
            return None

    def _dependent(self, source: str) -> list[Quantity]:
        """Quantities of household and persons that read the fact, directly or not, in order of working out."""
        moving = {source}
        found = []
        for quantity in self._rulebook.quantities.values():
            reads = (f"{ref.entity}.{ref.name}" for ref, _ in references(quantity.formula, quantity.entity))
            if any(name in moving for name in reads):
                moving.add(quantity.qualified)
                if quantity.entity in ("household", "person"):
                    found.append(quantity)
        return found

    def _below(self, qualified: str, seen: frozenset[str] = frozenset()) -> set[str]:
        found, waiting = set(seen), [qualified]
        while waiting:
            name = waiting.pop()
            quantity = self._rulebook.quantities.get(name)
            if name in found or quantity is None:
                continue
            found.add(name)
            waiting += [f"{ref.entity}.{ref.name}" for ref, _ in references(quantity.formula, quantity.entity)]
        return found


def forget(household: Subject) -> None:
    """Take off what was worked out from another income."""
    household.memo.clear()
    for person in household.persons:
        person.memo.clear()
        for rows in person.rows.values():
            for row in rows:
                row.memo.clear()
