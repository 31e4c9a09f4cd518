"""Reasons: the steps a result depends on, in the order of working out, each with arithmetic, figures, sources and
articles.

What tells them is generated once a rulebook (`working_code`) and linked here for a day; what is the same for every case
(labels, words of formulas, articles, figures of an area) is made ready once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from doudi.engine.proposal import Step
from doudi.engine.python import Function, Program
from doudi.engine.python_code import MAKING
from doudi.engine.quantities import Parameter, Quantity, Rulebook
from doudi.engine.reasons import REASONS, Origins, parameters_of
from doudi.engine.subject import Subject, Value
from doudi.engine.tree import Node, Ref
from doudi.engine.vocabulary import Basis, ParameterValue
from doudi.engine.words import UNITS, spaced
from doudi.engine.working_code import telling_source
from doudi.engine.working_rows import rows_said
from doudi.engine.written import LANGS, Kept, Pair, Write, before_word, labelled, with_unit, writer

__all__ = ["REASONS", "Explainer", "basis_data", "step_id"]
_GIVEN = {"zh": "直接给出", "en": "given directly"}


class Explainer:
    """Makes the steps of cases."""

    def __init__(self, rulebook: Rulebook, program: Program) -> None:
        self.rulebook, self.program = rulebook, program
        self._source = telling_source(rulebook, program.source)
        self._written: dict[int, tuple[Node, Kept[Pair]]] = {}
        self._collect: dict[str, Function] = {}
        program.also(
            {"spaced": spaced, "new": tuple.__new__, "tuple": tuple, "Step": Step},
            {
                "text": str, "fixed": tuple, "written": self.written, "labelled": self._labelled, "of": self._of,
                "before_word": lambda node: Kept(before_word(self._with_label(node))), "shown": self._shown,
                "figures": lambda name: Figures(self, rulebook.quantities[name]).of,
                "origins": lambda name: Origins(rulebook, program, rulebook.quantities[name], self.written).of,
            },
            {
                "said": self.said, "rows": lambda node, entity: rows_said(self, node, entity),
                "step": self._stepping, "collect": self._collecting,
            },
        )  # fmt: skip

    def steps(self, roots: list[str], household: Subject) -> tuple[Step, ...]:
        """The steps that household quantities depend on, roots last."""
        found: set[str] = set()
        out: list[tuple[int, int, Function, Subject, str, tuple[str, ...]]] = []
        for root in roots:
            key = step_id(root, household)
            if root in self.rulebook.quantities and key not in found:
                self._collecting(root)(household, key, found, out)
        out.sort()
        return tuple([step(subject, key, inputs) for _, _, step, subject, key, inputs in out])

    def said(self, node: Node, entity: str) -> Function:
        """The text of a part for a subject of the entity it stands in."""
        with MAKING:
            return self.program.linked(self._source.said(node, entity))

    def written(self, node: Node) -> Kept[Pair]:
        """How values of a node are written."""
        found = self._written.get(id(node))
        if found is None:
            found = self._written[id(node)] = (node, Kept(self._writer(node)))
        return found[1]

    def _collecting(self, name: str) -> Function:
        found = self._collect.get(name)
        if found is None:
            with MAKING:
                found = self._collect[name] = self.program.linked(self._source.collect(name))
        return found

    def _stepping(self, name: str) -> Function:
        with MAKING:
            return self.program.linked(self._source.step(name))

    def _writer(self, node: Node) -> Write:
        return writer(node.kind, node, self._source.words)

    def _with_label(self, node: Node) -> Write:
        zh, en = self._source.words
        return labelled(self._writer(node), (zh.formula(node), en.formula(node)), node.kind)

    def _labelled(self, node: Node) -> Kept[Pair]:
        return Kept(self._with_label(node))

    def _shown(self, name: str) -> Kept[tuple[dict[str, str], dict[str, str]]]:
        """What is shown of a value, and the sentence that says it."""
        quantity, (words_zh, words_en) = self.rulebook.quantities[name], self._source.words
        write = with_unit(writer(quantity.kind, quantity.formula, (words_zh, words_en)), quantity.kind.unit)

        def run(value: Value) -> tuple[dict[str, str], dict[str, str]]:
            zh, en = write(value)
            sentence = quantity.yes if value is True else quantity.no if value is False else None
            label = quantity.label
            return {"zh": zh, "en": en}, sentence or {"zh": f"{label['zh']}：{zh}", "en": f"{label['en']}: {en}"}

        return Kept(run)

    def _of(self, name: str, part: str) -> Any:
        """What is the same of every step of a quantity."""
        quantity, (zh, en) = self.rulebook.quantities[name], self._source.words
        if part == "formula":
            return {"zh": zh.formula(quantity.formula), "en": en.formula(quantity.formula)}
        if part == "basis":
            return tuple(basis_data(basis) for basis in quantity.basis)
        parts = {"name": name, "label": quantity.label, "unit": quantity.kind.unit, "given": _GIVEN}
        return parts.get(part, quantity.sensitivity)


class Figures:
    """The figures of a formula as they hold for a household; the same data for every household they hold for."""

    def __init__(self, by: Explainer, quantity: Quantity) -> None:
        refs = parameters_of(quantity.formula)
        self._program, self._known = by.program, by.rulebook.parameters
        self._figures = [Figure(by, ref, self._known[ref.name]) for ref in refs]
        self._keys = [key for ref in refs if (key := self._known[ref.name].by) is not None]
        self._data: dict[tuple[Value, ...], tuple[dict[str, Any], ...]] = {}

    def of(self, household: Subject) -> tuple[dict[str, Any], ...]:
        """Those that are known: none while the area is unknown, nor what depends on an unknown key."""
        evaluate = self._program.evaluate
        key = (household.facts.get("area"), *[evaluate(node, household) for node in self._keys])
        found = self._data.get(key)
        if found is None:
            made = [data for figure in self._figures if (data := figure.of(household)) is not None]
            found = self._data[key] = tuple(made)
        return found


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a formula."""

    by: Explainer
    ref: Ref
    parameter: Parameter

    def of(self, household: Subject) -> dict[str, Any] | None:
        """The figure; None while area or key are unknown."""
        used = self.by.program.parameter_used(self.parameter.name, household)
        return None if used is None else self._made(used)

    def _made(self, used: ParameterValue) -> dict[str, Any]:
        zh, en = self.by.written(self.ref)[used.value]
        return {
            "name": self.parameter.name,
            "label": self.parameter.label,
            "value": {"zh": zh, "en": en},
            "unit": {lang: UNITS[lang][self.parameter.kind.unit] for lang in LANGS},
            "area": used.area or "nation",
            "key": used.key,
            "from": used.from_on.isoformat(),
            "to": used.to_on.isoformat() if used.to_on else None,
            "basis": basis_data(used.basis),
        }


def step_id(name: str, subject: Subject) -> str:
    """The id of a step within its proposal."""
    return f"{name}@{subject.id}"


def basis_data(basis: Basis) -> dict[str, Any]:
    """A basis as data."""
    return {"document": basis.document, "number": basis.number, "article": basis.article, "sample": basis.sample}
