"""Two rulebooks of one place as one: what is equal in both stands once, what differs stands twice.

A quantity differs when its formula does, or anything it reads does, down to parameters. The second rulebook's differing
quantities and parameters carry the suffix `__reformed`; a population is then screened under both in a single pass.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from doudi.engine.errors import EngineError
from doudi.engine.quantities import Parameter, Quantity, Rulebook
from doudi.engine.tree import Node, Ref
from doudi.engine.vocabulary import ParameterValue
from doudi.engine.walk import references, rewritten

SUFFIX = "__reformed"


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The one rulebook; `second` gives the name of a household quantity of the second rulebook in it."""

    rulebook: Rulebook
    differing: frozenset[str]
    """Qualified names (parameters too) whose value may differ."""
    changed: tuple[str, ...]
    """Those written otherwise themselves, or new, or gone: rules, facts from rows and parameters."""

    def second(self, name: str) -> str:
        """The second rulebook's column for a household quantity."""
        return name + SUFFIX if f"household.{name}" in self.differing else name


def side_by_side(before: Rulebook, after: Rulebook) -> SideBySide:
    """Both rulebooks in one. They must be of one place, and their facts of the same types."""
    if before.place != after.place:
        raise EngineError("simulate.other_place", before=before.place or "nation", after=after.place or "nation")
    _same_facts(before, after)
    found = _Differing(before, after)
    differing = found.names()

    def moved(node: Node) -> Node:
        if isinstance(node, Ref) and f"{node.entity}.{node.name}" in differing:
            return replace(node, name=node.name + SUFFIX)
        return node

    quantities = dict(before.quantities)
    for qualified, quantity in after.quantities.items():
        if qualified in differing:
            quantities[qualified + SUFFIX] = replace(
                quantity, name=quantity.name + SUFFIX, formula=rewritten(quantity.formula, moved), given=False
            )
    parameters = dict(before.parameters)
    for name, own in after.parameters.items():
        if f"parameter.{name}" in differing:
            by = rewritten(own.by, moved) if own.by is not None else None
            parameters[name + SUFFIX] = replace(own, name=name + SUFFIX, by=by)
    both = replace(
        before,
        hash=sha256(f"{before.hash}\0{after.hash}".encode()).hexdigest(),
        facts={**after.facts, **before.facts},
        records={**after.records, **before.records},
        quantities=quantities,
        parameters=parameters,
    )
    return SideBySide(both, differing, found.changed())


def with_figures_of(rulebook: Rulebook, day: date) -> Rulebook:
    """The rulebook with the figures in force on a day, whatever day it is used for: next year's on today's data."""
    parameters = {name: replace(own, values=_held(own, day)) for name, own in rulebook.parameters.items()}
    key = sha256(f"{rulebook.hash}\0{day}".encode()).hexdigest()
    return replace(rulebook, hash=key, parameters=parameters)


def _held(own: Parameter, day: date) -> tuple[ParameterValue, ...]:
    held: dict[tuple[str, str | None], ParameterValue] = {}
    for value in own.values:
        if value.from_on <= day and (value.to_on is None or day <= value.to_on):
            held.setdefault((value.area, value.key), replace(value, from_on=date.min, to_on=None))
    return tuple(held.values())


def _same_facts(before: Rulebook, after: Rulebook) -> None:
    for qualified, fact in after.facts.items():
        other = before.facts.get(qualified)
        if other is not None and (other.kind.base, other.kind.scale) != (fact.kind.base, fact.kind.scale):
            raise EngineError("simulate.fact_differs", name=qualified)


class _Differing:
    """Which names differ, each worked out once."""

    def __init__(self, before: Rulebook, after: Rulebook) -> None:
        self._before, self._after = before, after
        self._known: dict[str, bool] = {}

    def names(self) -> frozenset[str]:
        """Qualified names of the second rulebook that differ from the first or are new."""
        for qualified in self._after.quantities:
            self._differs(qualified)
        for name in self._after.parameters:
            self._differs(f"parameter.{name}")
        return frozenset(name for name, differs in self._known.items() if differs)

    def changed(self) -> tuple[str, ...]:
        """Names whose own wording differs, without what programmes, chains and their variants make of them."""
        names = [
            *(q.qualified for q in self._after.quantities.values() if q.origin in ("rule", "rows")),
            *(q.qualified for q in self._before.quantities.values() if q.origin in ("rule", "rows")),
            *(f"parameter.{name}" for name in (*self._after.parameters, *self._before.parameters)),
        ]
        return tuple(name for name in dict.fromkeys(names) if self._written_otherwise(name))

    def _written_otherwise(self, qualified: str) -> bool:
        entity, _, name = qualified.partition(".")
        if entity == "parameter":
            first, second = self._before.parameters.get(name), self._after.parameters.get(name)
            return first is None or second is None or _figures(first) != _figures(second)
        old, new = self._before.quantities.get(qualified), self._after.quantities.get(qualified)
        return old is None or new is None or _meaning(old) != _meaning(new)

    def _differs(self, qualified: str) -> bool:
        found = self._known.get(qualified)
        if found is None:
            entity, _, name = qualified.partition(".")
            found = self._parameter(name) if entity == "parameter" else self._quantity(qualified)
            self._known[qualified] = found
        return found

    def _parameter(self, name: str) -> bool:
        if self._written_otherwise(f"parameter.{name}"):
            return True
        by = self._after.parameters[name].by
        return by is not None and self._reads_differing(by, "household")

    def _quantity(self, qualified: str) -> bool:
        new = self._after.quantities.get(qualified)
        if new is None:
            return qualified in self._before.quantities
        return self._written_otherwise(qualified) or self._reads_differing(new.formula, new.entity)

    def _reads_differing(self, node: Node, scope: str) -> bool:
        return any(self._differs(f"{ref.entity}.{ref.name}") for ref, _ in references(node, scope))


def _figures(own: Parameter) -> tuple[object, ...]:
    values = tuple((v.area, v.from_on, v.to_on, v.key, v.value) for v in own.values)
    return own.kind, own.by, values


def _meaning(quantity: Quantity) -> tuple[object, ...]:
    return quantity.kind, quantity.formula
