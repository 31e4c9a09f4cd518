"""What a quantity was worked out from in one case: the quantities it read, the rows, and the choices of a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from doudi.engine.feeds import Bilingual
from doudi.engine.python import Program
from doudi.engine.quantities import Quantity, Rulebook
from doudi.engine.subject import Subject
from doudi.engine.tree import Aggregate, Case, Node, Ref
from doudi.engine.walk import aggregates, children
from doudi.engine.working import Working

Read = list[tuple[str, Subject]]
"""Quantities by qualified name, with whom they were read of."""
Reader = Callable[[Subject, Read], None]
MAX_ROWS = 20
REASONS = {
    "never_asked": {"zh": "还没有问过", "en": "never asked"},
    "not_answered": {"zh": "部门没有反馈", "en": "not answered"},
    "not_permitted": {"zh": "没有授权，不得查询", "en": "not permitted without authorisation"},
    "conflicting": {"zh": "来源互相矛盾", "en": "sources disagree"},
}


def reader(rulebook: Rulebook, program: Program, node: Node, entity: str) -> Reader | None:
    """Collects the quantities of households and persons that a value was worked out from; None where there are none.

    Branches not taken are left out.
    """
    if isinstance(node, Ref):
        return _of_ref(rulebook, node, entity)
    if isinstance(node, Aggregate):
        return _of_rows(program, node, _all(rulebook, program, children(node), node.over))
    if isinstance(node, Case):
        return _of_case(rulebook, program, node, entity)
    return _all(rulebook, program, children(node), entity)


def _all(rulebook: Rulebook, program: Program, nodes: list[Node], entity: str) -> Reader | None:
    found = [one for node in nodes if (one := reader(rulebook, program, node, entity)) is not None]
    if len(found) < 2:
        return found[0] if found else None

    def run(subject: Subject, into: Read) -> None:
        for one in found:
            one(subject, into)

    return run


def _of_ref(rulebook: Rulebook, node: Ref, entity: str) -> Reader | None:
    name = f"{node.entity}.{node.name}"
    if name not in rulebook.quantities or node.entity not in ("household", "person"):
        return None
    if node.via_head:
        return lambda s, into: _head(s.household or s, name, into)
    if node.entity == entity:
        return lambda s, into: into.append((name, s))
    if node.entity == "household":
        return lambda s, into: into.append((name, s.household or s))
    return lambda s, into: into.append((name, s.person or s))


def _head(household: Subject, name: str, into: Read) -> None:
    if household.head is not None:
        into.append((name, household.head))


def _of_rows(program: Program, node: Aggregate, inner: Reader | None) -> Reader | None:
    if inner is None:
        return None

    def run(subject: Subject, into: Read) -> None:
        for row in program.rows_of(node, subject):
            inner(row, into)

    return run


def _of_case(rulebook: Rulebook, program: Program, node: Case, entity: str) -> Reader | None:
    steps = [
        (reader(rulebook, program, test, entity), program.part(test, entity), reader(rulebook, program, value, entity))
        for test, value in node.branches
    ]
    otherwise = reader(rulebook, program, node.otherwise, entity)
    if otherwise is None and all(test is None and value is None for test, _, value in steps):
        return None

    def run(subject: Subject, into: Read) -> None:
        taken = otherwise
        for test, holds_for, value in steps:
            if test is not None:
                test(subject, into)
            holds = holds_for(subject)
            if holds is None:
                return
            if holds:
                taken = value
                break
        if taken is not None:
            taken(subject, into)

    return run


class Origins:
    """The rows and choices that one quantity reads directly."""

    def __init__(self, rulebook: Rulebook, working: Working, quantity: Quantity) -> None:
        self._program, self._over = working.program, []
        for node in aggregates(quantity.formula):
            if node.over != "person":
                where = self._program.part(node.where, node.over) if node.where is not None else None
                self._over.append((node, rulebook.records[node.over].feed, where))
        self._choices = [
            (rulebook.facts[f"{ref.entity}.{ref.name}"].label, ref, working.value(ref, quantity.entity))
            for ref in own_references(quantity.formula)
            if (fact := rulebook.facts.get(f"{ref.entity}.{ref.name}")) is not None and fact.source == "discretion"
        ]

    @property
    def are_none(self) -> bool:
        """Whether there is nothing to name, whatever the case."""
        return not self._over and not self._choices

    def of(self, subject: Subject) -> tuple[dict[str, Any], ...]:
        """By feed and delivery, or why there are none; then what a person chose, and why."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for node, feed, where in self._over:
            is_silent = not any(name == feed.name for name, _ in found)
            for row in self._program.rows_of(node, subject):
                if row.phantom is None and where is not None and not where(row):
                    continue
                delivery = row.why.get("_delivery", "")
                key = (feed.name, row.phantom or delivery)
                entry = found.get(key)
                if entry is None:
                    entry = found[key] = _source(feed.name, feed.label, delivery, row.phantom)
                is_silent = False
                entry["count"] += 0 if row.phantom else 1
                if row.why.get("_row") and len(entry["rows"]) < MAX_ROWS:
                    entry["rows"].append(int(row.why["_row"]))
            if is_silent:
                found[feed.name, ""] = _source(feed.name, feed.label, "", None)
        return (*found.values(), *(self._choice(subject, *choice) for choice in self._choices))

    def _choice(self, subject: Subject, label: Bilingual, ref: Ref, value: Any) -> dict[str, Any]:
        household = subject.household or subject
        owner = (
            household.head if ref.via_head else household if ref.entity == "household" else subject.person or subject
        )
        chosen = owner is not None and owner.facts.get(ref.name) is not None
        why = None if chosen or owner is None else owner.why.get(ref.name, "never_asked")
        entry = _source("", label, "", why)
        if chosen and owner is not None:
            zh, en = value(subject)
            entry["choice"] = {"value": {"zh": zh, "en": en}, "reason": owner.reasons.get(ref.name, "")}
        return entry


def is_imputed(quantity: Quantity) -> bool:
    """Whether it is income that is reckoned rather than found or declared (推算): always a line of its own."""
    return quantity.name.startswith("imputed_") or quantity.name == "support_income"


def own_references(node: Node) -> list[Ref]:
    """The references outside of aggregates, each once."""
    if isinstance(node, Ref):
        return [node]
    if isinstance(node, Aggregate):
        return []
    return list(dict.fromkeys(ref for child in children(node) for ref in own_references(child)))


def _source(feed: str, label: Bilingual, delivery: str, reason: str | None) -> dict[str, Any]:
    why = REASONS[reason] if reason else None
    return {"feed": feed, "label": label, "delivery": delivery, "rows": [], "count": 0, "unanswered": why}
