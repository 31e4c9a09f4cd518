"""In which order a rulebook's quantities can be worked out for a population: steps and layers.

A household's value may need a person's, that person's another household's, and so on. Every needed quantity gets a step:
within one step of one entity, values of the same row build on each other in layers; a value of another entity must be of an
earlier step. Parameters, values of the head and aggregates inside aggregates become columns of their own on the way.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace

from doudi.engine.quantities import Rulebook
from doudi.engine.tree import BOOLEAN, Aggregate, Answered, Kind, KnownExceeds, Node, Ref
from doudi.engine.walk import children, references


@dataclass(frozen=True, slots=True)
class ParameterColumn(Node):
    """A parameter's value for the household's area, the day and its `by` key."""

    parameter: str


@dataclass(frozen=True, slots=True)
class HeadColumn(Node):
    """A person's value read for the household's head."""

    name: str


@dataclass(frozen=True, slots=True)
class Planned:
    """One column to work out."""

    entity: str
    name: str
    kind: Kind
    formula: Node
    step: int
    layer: int


def rebuilt(node: Node, change: dict[int, Node]) -> Node:
    """The node with some of its children (by identity) replaced."""

    def swap(value: object) -> object:
        if isinstance(value, Node):
            return change.get(id(value), value)
        if isinstance(value, tuple):
            return tuple(swap(v) for v in value)
        return value

    updates = {s.name: swap(getattr(node, s.name)) for s in fields(node) if s.name != "kind"}
    return replace(node, **updates) if is_dataclass(node) else node  # type: ignore[arg-type]


class Planner:
    """Plans the columns needed for some household quantities. `present` names the columns a snapshot holds, by entity."""

    def __init__(self, rulebook: Rulebook, present: dict[str, set[str]]) -> None:
        self._rulebook, self._present = rulebook, present
        self._formulas: dict[tuple[str, str], tuple[Kind, Node]] = {
            (q.entity, q.name): (q.kind, q.formula)
            for q in rulebook.quantities.values()
            if q.name not in present.get(q.entity, set())
        }
        self.planned: dict[tuple[str, str], Planned] = {}
        self.facts: dict[tuple[str, str], Kind] = {}
        self._hoisted = 0

    def need(self, entity: str, name: str, kind: Kind) -> tuple[int, int]:
        """(step, layer) of a column, planning it and all below it; facts are step 0."""
        key = (entity, name)
        if key in self.planned:
            return self.planned[key].step, self.planned[key].layer
        if key not in self._formulas:
            self.facts[key] = kind
            return 0, 0
        own_kind, formula = self._formulas[key]
        formula = self._prepare(formula, entity)
        step, layer = self._place(formula, entity)
        self.planned[key] = Planned(entity, name, own_kind, formula, step, layer)
        return step, layer

    def _define(self, entity: str, name: str, kind: Kind, formula: Node) -> Ref:
        self._formulas.setdefault((entity, name), (kind, formula))
        return Ref(kind, entity, name)

    def _prepare(self, node: Node, scope: str) -> Node:
        """Parameters and head values become household columns; aggregates inside aggregates become columns of what they stand in."""
        if isinstance(node, Ref) and node.entity == "parameter":
            return self._define(
                "household", f"parameter__{node.name}", node.kind, ParameterColumn(node.kind, node.name)
            )
        if isinstance(node, Ref) and node.via_head:
            return self._define("household", f"head__{node.name}", node.kind, HeadColumn(node.kind, node.name))
        if isinstance(node, Answered):
            return Ref(BOOLEAN, "person", f"{node.record}__answered")
        inner = node.over if isinstance(node, Aggregate) else scope
        change: dict[int, Node] = {}
        for child in children(node):
            child_scope = scope if isinstance(node, KnownExceeds) else inner
            new = self._prepare(child, child_scope)
            if isinstance(node, Aggregate) and not isinstance(new, Ref):
                new = self._hoist(new, inner)
            change[id(child)] = new
        return rebuilt(node, change) if change else node

    def _hoist(self, node: Node, scope: str) -> Node:
        if isinstance(node, (Aggregate, KnownExceeds)):
            self._hoisted += 1
            return self._define(scope, f"inner__{self._hoisted}", node.kind, node)
        change = {id(child): self._hoist(child, scope) for child in children(node)}
        return rebuilt(node, change) if change else node

    def _place(self, formula: Node, entity: str) -> tuple[int, int]:
        step, layer = 1, 0
        if isinstance(formula, HeadColumn):
            return self.need("person", formula.name, formula.kind)[0] + 1, 0
        if isinstance(formula, ParameterColumn):
            key = self._rulebook.parameters[formula.parameter].by
            if key is None:
                return 1, 0
            name = f"by__{formula.parameter}"
            self._formulas.setdefault(("household", name), (key.kind, key))
            step, layer = self.need("household", name, key.kind)
            return max(step, 1), layer + 1
        for ref, scope in references(formula, entity):
            ref_step, ref_layer = self.need(ref.entity, ref.name, ref.kind)
            if ref.entity == entity and scope == entity:
                if ref_step > step:
                    step, layer = ref_step, 0
                if ref_step == step:
                    layer = max(layer, ref_layer + 1)
            elif ref_step + 1 > step:
                step, layer = ref_step + 1, 0
        return step, layer
