"""What is missing: the unknown inputs on which a result still depends after three-valued evaluation, in rule order.

Branches that are decided are left out: of `a and b` with b false nothing is missing, of an unknown sum only its
unknown parts; of a `case` whose condition is unknown, the condition and what either way may still need. Then what the
result turns out not to need is taken off (minimal by inclusion: the rest known, the result is known, whatever the
answers). Where all that is missing can be answered in finitely many ways, every way is tried; numbers and days are
tried in ranges between the limits they meet (`answers`), and taken off only where that proves that they cannot matter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from math import prod

from doudi.engine.answers import answering, is_known_whatever
from doudi.engine.errors import EngineError
from doudi.engine.feeds import Bilingual
from doudi.engine.python import Program
from doudi.engine.quantities import Rulebook
from doudi.engine.subject import Subject, Value
from doudi.engine.tree import Aggregate, And, Case, Coalesce, IsKnown, Kind, KnownExceeds, Node, Not, Or, Ref
from doudi.engine.walk import children

_MOST = 256
"""Most combinations of answers that are tried."""
_MOST_IN_RANGES = 8
"""Most facts of which each is tried to be spared where answers are ranges."""
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Missing:
    """One missing thing: a fact (of a person, or None for the household), why it is unknown, and the requirement it
    belongs to.
    """

    fact: str
    person: str | None
    label: Bilingual
    reason: str
    requirement: str | None = None


class Seeker:
    """Finds what is missing for unknown values of one case."""

    def __init__(self, rulebook: Rulebook, program: Program) -> None:
        self._rulebook, self._program = rulebook, program
        self._found: dict[tuple[str, str | None], Missing] = {}
        self._seen: set[tuple[str, int]] = set()

    def of(self, name: str, household: Subject) -> tuple[Missing, ...]:
        """The missing inputs of a household quantity whose value is unknown."""
        self._found.clear()
        self._seen.clear()
        self._named("household", name, household)
        return self._needed(tuple(self._found.values()), name, household)

    def _needed(self, found: tuple[Missing, ...], name: str, household: Subject) -> tuple[Missing, ...]:
        """Without the facts that make no difference once the others are known."""
        if len(found) < 2:
            return found
        subjects = {None: household} | {p.id: p for p in household.persons}
        domains = {(m.fact, m.person): self._answers(m.fact) for m in found}
        if prod(len(d) or _MOST + 1 for d in domains.values()) <= _MOST:
            return _spared(found, lambda rest: self._enough(rest, domains, subjects, name, household))
        kinds = [self._kind(m.fact) for m in found]
        if None in kinds or len(found) > _MOST_IN_RANGES:
            return found
        known = answering(self._rulebook)
        pieces = {
            (m.fact, m.person): known.pieces(kind, m.fact, self._program, household)
            for m, kind in zip(found, kinds, strict=True)
            if kind is not None
        }
        return _spared(
            found,
            lambda rest: is_known_whatever(
                known,
                self._program,
                {(m.fact, subjects[m.person]): pieces[m.fact, m.person] for m in rest},
                name,
                household,
            ),
        )

    def _kind(self, fact: str) -> Kind | None:
        known = self._rulebook.quantities.get(fact) or self._rulebook.facts.get(fact)
        return None if known is None else known.kind

    def _answers(self, fact: str) -> tuple[Value, ...]:
        """Every possible answer, or none where they cannot be counted."""
        kind = self._kind(fact)
        if kind is None:
            return ()
        return (True, False) if kind.base == "boolean" else kind.codes or ()

    def _enough(
        self,
        asked: list[Missing],
        domains: dict[tuple[str, str | None], tuple[Value, ...]],
        subjects: dict[str | None, Subject],
        name: str,
        household: Subject,
    ) -> bool:
        """Whether the result is known for all answers to what is asked."""
        places = [(subjects[m.person], m.fact.partition(".")[2], domains[m.fact, m.person]) for m in asked]
        before = [(subject, fact, subject.facts.get(fact, _ABSENT)) for subject, fact, _ in places]
        try:
            for answers in product(*(domain for _, _, domain in places)):
                for (subject, fact, _), answer in zip(places, answers, strict=True):
                    subject.facts[fact] = answer
                _forget(household)
                if self._program.value(household, name) is None:
                    return False
            return True
        except EngineError:  # a figure that is not set for one of the answers: nothing is spared
            return False
        finally:
            for subject, fact, value in before:
                if value is _ABSENT:
                    del subject.facts[fact]
                else:
                    subject.facts[fact] = value  # type: ignore[assignment]
            _forget(household)

    def _add(self, fact: str, subject: Subject, label: Bilingual, reason: str) -> None:
        person = subject.id if subject.entity == "person" else None
        self._found.setdefault((fact, person), Missing(fact, person, label, reason))

    def _named(self, entity: str, name: str, subject: Subject) -> None:
        if (f"{entity}.{name}", id(subject)) in self._seen:
            return
        self._seen.add((f"{entity}.{name}", id(subject)))
        quantity = self._rulebook.quantities.get(f"{entity}.{name}")
        if quantity is None:
            self._fact(entity, name, subject)
            return
        if quantity.given:
            self._compiled_fact(quantity.qualified, quantity.label, name, subject)
            return
        self._node(quantity.formula, subject)

    def _fact(self, entity: str, name: str, subject: Subject) -> None:
        if subject.phantom is not None:
            record = self._rulebook.records[entity]
            self._add(f"person.{entity}", subject.person or subject, record.feed.label, subject.phantom)
            return
        fact = self._rulebook.facts.get(f"{entity}.{name}")
        if fact is None and entity in self._rulebook.records:
            fact = self._rulebook.records[entity].columns[name]
            self._add(f"person.{entity}", subject.person or subject, fact.label, subject.why.get(name, "not_answered"))
        elif fact is not None:
            owner = subject.person or subject
            self._add(fact.qualified, owner, fact.label, subject.why.get(name, "never_asked"))

    def _compiled_fact(self, qualified: str, label: Bilingual, name: str, subject: Subject) -> None:
        reason = subject.why.get(name)
        if reason is None:
            quantity = self._rulebook.quantities[qualified]
            record = next((a.over for a in _aggregates(quantity.formula)), "")
            phantoms = [row.phantom for row in subject.rows.get(record, ()) if row.phantom]
            reason = phantoms[0] if phantoms else "not_answered"
        self._add(qualified, subject, label, reason or "not_answered")

    def _node(self, node: Node, subject: Subject) -> None:
        """Only nodes whose value is unknown are followed."""
        if self._program.evaluate(node, subject) is not None and not isinstance(node, IsKnown):
            return
        if isinstance(node, Ref):
            self._ref(node, subject)
        elif isinstance(node, Aggregate):
            self._aggregate(node, subject)
        elif isinstance(node, KnownExceeds):
            self._node(node.limit, subject)
            self._aggregate(node.total, subject)
        elif isinstance(node, Case):
            self._case(node, subject)
        elif isinstance(node, (And, Or, Not, Coalesce)):
            for child in children(node):
                self._node(child, subject)
        else:
            for child in children(node):
                self._node(child, subject)

    def _ref(self, node: Ref, subject: Subject) -> None:
        household = subject.household or subject
        if node.entity == "parameter":
            by = self._rulebook.parameters[node.name].by
            if by is not None:
                self._node(by, household)
            if household.facts.get("area") is None:
                self._named("household", "area", household)
            return
        if node.via_head:
            if household.head is None:
                label = {"zh": "户主", "en": "head of the household"}
                self._add("household.head", household, label, household.why.get("head", "never_asked"))
            else:
                self._named("person", node.name, household.head)
            return
        owner = (
            household
            if node.entity == "household"
            else (subject.person or subject)
            if node.entity == "person"
            else subject
        )
        self._named(node.entity, node.name, owner)

    def _case(self, node: Case, subject: Subject) -> None:
        for test, value in node.branches:
            holds = self._program.evaluate(test, subject)
            if holds is None:
                self._node(test, subject)
            if holds is not False:
                self._node(value, subject)
            if holds:
                return
        self._node(node.otherwise, subject)

    def _aggregate(self, node: Aggregate, subject: Subject) -> None:
        for row in self._program.rows_of(node, subject):
            holds = self._program.evaluate(node.where, row) if node.where is not None else True
            if holds is False:
                continue
            if row.phantom is not None:
                if holds is None and node.where is not None:
                    self._node(node.where, row)
                self._add(
                    f"person.{node.over}", row.person or row, self._rulebook.records[node.over].feed.label, row.phantom
                )
                continue
            for part in (node.where, node.value, node.order, node.once_per):
                if part is not None:
                    self._node(part, row)


def _spared(found: tuple[Missing, ...], is_enough: Callable[[list[Missing]], bool]) -> tuple[Missing, ...]:
    """Without those that can be spared, the last in rule order first."""
    kept = list(found)
    for item in reversed(found):
        rest = [m for m in kept if m is not item]
        if is_enough(rest):
            kept = rest
    return tuple(kept)


def _forget(household: Subject) -> None:
    """Values worked out from other answers."""
    household.memo.clear()
    for person in household.persons:
        person.memo.clear()
        for rows in person.rows.values():
            for row in rows:
                row.memo.clear()


def _aggregates(node: Node) -> list[Aggregate]:
    found = [node] if isinstance(node, Aggregate) else []
    return found + [a for child in children(node) for a in _aggregates(child)]
