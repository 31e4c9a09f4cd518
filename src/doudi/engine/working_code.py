"""The generated functions that tell the reasons of one rulebook: the text of a part, the step of a quantity, and what
a step was worked out from. Each is written once, when it is first needed, for every day.
"""

from __future__ import annotations

from collections import OrderedDict
from types import CodeType
from typing import Any

from doudi.engine.python_aggregates import rows
from doudi.engine.python_code import MAKING, Source, compiled, outer, outermost
from doudi.engine.python_source import Scope
from doudi.engine.quantities import Quantity, Rulebook
from doudi.engine.reasons import is_imputed, names_sources, parameters_of
from doudi.engine.tree import Aggregate, Case, Node, Ref
from doudi.engine.walk import children
from doudi.engine.wording import Wording
from doudi.engine.working import SAYERS, Teller
from doudi.engine.working_numbers import NUMBER_SAYERS
from doudi.engine.working_rows import ROW_SAYERS

_SAYERS = SAYERS | NUMBER_SAYERS | ROW_SAYERS
RULES = ("rule", "rows")
"""The origins of quantities that are told as steps."""


class TellingSource:
    """The code that tells one rulebook."""

    def __init__(self, rulebook: Rulebook, source: Source) -> None:
        self.rulebook, self.source = rulebook, source
        self.words = (Wording(rulebook, "zh"), Wording(rulebook, "en"))
        self._order = {name: i for i, name in enumerate(rulebook.quantities)}
        self._codes: dict[Any, CodeType] = {}

    def said(self, node: Node, entity: str) -> CodeType:
        """The function giving the text of a part in both languages; known by its identity."""
        key = (id(node), entity)
        if key not in self._codes:
            self.source.named("said", node, entity)
            to, scope = self._teller(), outermost(entity)
            text = to.said(node, scope)
            to.put(f"return {to.put_together(text.zh)}, {to.put_together(text.en)}")
            self._codes[key] = compiled("said", outer(scope), to.lines)
        return self._codes[key]

    def step(self, qualified: str) -> CodeType:
        """The function giving the step of a subject, of its id and what it was worked out from."""
        key = ("step", qualified)
        if key not in self._codes:
            quantity = self.rulebook.quantities[qualified]
            to, scope = self._teller(), outermost(quantity.entity)
            _step(to, quantity, scope)
            self._codes[key] = compiled("step", outer(scope), to.lines, arguments="s, key, inputs")
        return self._codes[key]

    def collect(self, qualified: str) -> CodeType:
        """The function adding the step of a subject to `out`, after what it was worked out from; what is in `found`
        has been added.
        """
        key = ("collect", qualified)
        if key not in self._codes:
            quantity = self.rulebook.quantities[qualified]
            to, scope = self._teller(), outermost(quantity.entity)
            _collect(to, quantity, self._order[qualified], scope)
            self._codes[key] = compiled("collect", outer(scope), to.lines, arguments="s, key, found, out")
        return self._codes[key]

    def _teller(self) -> Teller:
        return Teller(self.source, self.words, _SAYERS)


def _step(to: Teller, quantity: Quantity, scope: Scope) -> None:
    named = quantity.qualified
    value = to.held(f"{to.named('quantity', named)}(s)")
    to.put(f"shown, sentence = {to.named('shown', named)}[{value}]")
    name, label, unit, formula, basis, sensitivity = (
        to.named("of", named, part) for part in ("name", "label", "unit", "formula", "basis", "sensitivity")
    )
    figures = f"{to.named('figures', named)}({scope.household})" if parameters_of(quantity.formula) else "()"
    origins = f"{to.named('origins', named)}(s)" if names_sources(to.rulebook, quantity) else "()"
    made = (
        f"return new(Step, (key, {name}, s.id, {label}, {value}, {unit}, shown, sentence, {formula}, {{}}, inputs, "
        f"{figures}, {{}}, {basis}, {sensitivity}, {is_imputed(quantity)}))"
    )
    if quantity.given:
        with to.block(f"if {quantity.name!r} in s.facts:"):
            to.put(made.format(to.named("of", named, "given"), "()"))
    text = to.said(quantity.formula, scope)
    worked = f"{{'zh': {to.put_together(text.zh)}, 'en': {to.put_together(text.en)}}}"
    to.put(made.format(worked, origins))


def _collect(to: Teller, quantity: Quantity, order: int, scope: Scope) -> None:
    step = to.named("step", quantity.qualified)
    add = f"out.append(({order}, s.place, {step}, s, key, {{}}))" if quantity.origin in RULES else "pass"
    to.put("found.add(key)")
    if quantity.given:
        with to.block(f"if {quantity.name!r} in s.facts:"):
            to.put(add.format("()"))
            to.put("return")
    reader = Reader(to, is_same=_is_same_whatever(quantity.formula))
    if not reader.is_same:
        to.put("inputs = {}")
    reader.read(quantity.formula, scope)
    inputs = "".join(f"{name}, " for name in reader.names)
    to.put(add.format(f"({inputs})" if reader.is_same else "tuple(inputs)"))


class Reader:
    """Writes what collects the quantities of households and persons that a value was worked out from; branches not
    taken are left out. `is_same`: they are the same in every case.
    """

    def __init__(self, to: Teller, *, is_same: bool) -> None:
        self._to, self.is_same = to, is_same
        self.names: dict[str, None] = {}

    def read(self, node: Node, scope: Scope) -> None:
        """Statements of one part."""
        if isinstance(node, Ref):
            self._ref(node, scope)
        elif isinstance(node, Aggregate) and self.reads(node):
            row = self._to.fresh()
            with self._to.block(f"for {row} in {rows(node, scope)}:"):
                self._all(node, scope.inside(node.over, row))
        elif isinstance(node, Case):
            if self.reads(node):
                self._case(node, 0, scope)
        elif not isinstance(node, Aggregate):
            self._all(node, scope)

    def reads(self, node: Node) -> bool:
        """Whether a part reads any quantity of a household or person."""
        if isinstance(node, Ref):
            name = f"{node.entity}.{node.name}"
            return name in self._to.rulebook.quantities and node.entity in ("household", "person")
        return any(self.reads(child) for child in children(node))

    def _all(self, node: Node, scope: Scope) -> None:
        for child in children(node):
            self.read(child, scope)

    def _ref(self, node: Ref, scope: Scope) -> None:
        if not self.reads(node):
            return
        if node.via_head:
            with self._to.block(f"if {scope.household}.head is not None:"):
                self._one(node, f"{scope.household}.head")
        else:
            self._one(node, scope.household if node.entity == "household" else scope.person)

    def _one(self, node: Ref, owner: str) -> None:
        to, qualified = self._to, f"{node.entity}.{node.name}"
        key = to.once(f"{to.named('text', f'{qualified}@')} + {owner}.id")
        if key is None:
            return
        self.names[key] = None
        if not self.is_same:
            to.put(f"inputs[{key}] = None")
        to.put(f"if {key} not in found: {to.named('collect', qualified)}({owner}, {key}, found, out)")

    def _case(self, node: Case, number: int, scope: Scope) -> None:
        """From one branch on; nothing more where a condition is unknown."""
        if number == len(node.branches):
            self.read(node.otherwise, scope)
            return
        test, value = node.branches[number]
        self.read(test, scope)
        holds = self._to.value(test, scope)
        with self._to.block(f"if {holds}:"):
            self.read(value, scope)
        with self._to.block(f"elif {holds} is not None:"):
            self._case(node, number + 1, scope)


def _is_same_whatever(node: Node) -> bool:
    if isinstance(node, Ref):
        return not node.via_head
    return not isinstance(node, (Aggregate, Case)) and all(_is_same_whatever(child) for child in children(node))


_TOLD: OrderedDict[str, TellingSource] = OrderedDict()
_KEPT = 64


def telling_source(rulebook: Rulebook, source: Source) -> TellingSource:
    """The code that tells a rulebook beside that of its values; that of the last few is kept by their hash."""
    with MAKING:
        found = _TOLD.get(rulebook.hash)
        if found is None or found.source is not source:
            found = _TOLD[rulebook.hash] = TellingSource(rulebook, source)
            while len(_TOLD) > _KEPT:
                _TOLD.popitem(last=False)
        return found
