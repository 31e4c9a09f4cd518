"""What a quantity was worked out from in one case: the quantities it read, the rows, and the choices of a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from doudi.engine.feeds import Bilingual, Feed
from doudi.engine.python import Function, Program
from doudi.engine.quantities import Quantity, Rulebook
from doudi.engine.subject import Subject
from doudi.engine.tree import Aggregate, Node, Ref
from doudi.engine.walk import aggregates, children
from doudi.engine.written import Kept, Pair

MAX_ROWS = 20
REASONS = {
    "never_asked": {"zh": "还没有问过", "en": "never asked"},
    "not_answered": {"zh": "部门没有反馈", "en": "not answered"},
    "not_permitted": {"zh": "没有授权，不得查询", "en": "not permitted without authorisation"},
    "conflicting": {"zh": "来源互相矛盾", "en": "sources disagree"},
}


def parameters_of(node: Node) -> list[Ref]:
    """The parameters named in a formula, each once, as they are written."""
    named: dict[str, Ref] = {}
    waiting = [node]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, Ref) and part.entity == "parameter":
            named.setdefault(part.name, part)
        waiting[:0] = children(part)
    return list(named.values())


def names_sources(rulebook: Rulebook, quantity: Quantity) -> bool:
    """Whether a step of it has rows or choices to name, in any case."""
    return any(node.over != "person" for node in aggregates(quantity.formula)) or bool(_choices(rulebook, quantity))


def _choices(rulebook: Rulebook, quantity: Quantity) -> list[tuple[Bilingual, Ref]]:
    """What a person chose, with its label."""
    return [
        (fact.label, ref)
        for ref in own_references(quantity.formula)
        if (fact := rulebook.facts.get(f"{ref.entity}.{ref.name}")) is not None and fact.source == "discretion"
    ]


class Origins:
    """The rows and choices that one quantity reads directly."""

    def __init__(
        self, rulebook: Rulebook, program: Program, quantity: Quantity, written: Callable[[Node], Kept[Pair]]
    ) -> None:
        self._program, self._over = program, []
        for node in aggregates(quantity.formula):
            if node.over != "person":
                where = program.part(node.where, node.over) if node.where is not None else None
                self._over.append((node, rulebook.records[node.over].feed, where))
        self._choices = [
            (label, ref, program.part(ref, quantity.entity), written(ref))
            for label, ref in _choices(rulebook, quantity)
        ]
        feeds = {feed.name: feed for _, feed, _ in self._over}
        self._silent = tuple(_source(feed.name, feed.label, "", None) for feed in feeds.values())

    def of(self, subject: Subject) -> tuple[dict[str, Any], ...]:
        """By feed and delivery, or why there are none; then what a person chose, and why."""
        rows_of = self._program.rows_of
        rows = [rows_of(node, subject) for node, _, _ in self._over]
        sources = self._found(rows) if any(rows) else self._silent
        if not self._choices:
            return sources
        return (*sources, *[self._choice(subject, *choice) for choice in self._choices])

    def _found(self, rows: list[list[Subject]]) -> tuple[dict[str, Any], ...]:
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for (_, feed, where), several in zip(self._over, rows, strict=True):
            is_silent = not any(name == feed.name for name, _ in found)
            for row in several:
                if row.phantom is None and where is not None and not where(row):
                    continue
                is_silent = False
                _count(found, feed, row)
            if is_silent:
                found[feed.name, ""] = _source(feed.name, feed.label, "", None)
        return tuple(found.values())

    def _choice(
        self, subject: Subject, label: Bilingual, ref: Ref, value: Function, write: Kept[Pair]
    ) -> dict[str, Any]:
        household = subject.household or subject
        owner = (
            household.head if ref.via_head else household if ref.entity == "household" else subject.person or subject
        )
        chosen = owner is not None and owner.facts.get(ref.name) is not None
        why = None if chosen or owner is None else owner.why.get(ref.name, "never_asked")
        entry = _source("", label, "", why)
        if chosen and owner is not None:
            zh, en = write[value(subject)]
            entry["choice"] = {"value": {"zh": zh, "en": en}, "reason": owner.reasons.get(ref.name, "")}
        return entry


def _count(found: dict[tuple[str, str], dict[str, Any]], feed: Feed, row: Subject) -> None:
    """One more row, in the entry of its delivery or of why nobody answered."""
    why, phantom = row.why, row.phantom
    delivery = why.get("_delivery", "")
    key = (feed.name, phantom or delivery)
    entry = found.get(key)
    if entry is None:
        entry = found[key] = _source(feed.name, feed.label, delivery, phantom)
    if phantom is None:
        entry["count"] += 1
    number = why.get("_row")
    if number and len(entry["rows"]) < MAX_ROWS:
        entry["rows"].append(int(number))


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
