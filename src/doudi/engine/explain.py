"""Reasons: the steps a result depends on, in the order of working out, each with arithmetic, figures, sources and
articles.

What is the same for every case (labels, words of formulas, articles, figures of an area) is made ready once a rulebook
and day; a case only has its values filled in.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from doudi.engine.proposal import Step
from doudi.engine.python import Program
from doudi.engine.quantities import Parameter, Quantity, Rulebook
from doudi.engine.reasons import REASONS, Origins, Read, is_imputed, reader
from doudi.engine.subject import Subject
from doudi.engine.tree import Node, Ref
from doudi.engine.vocabulary import Basis, ParameterValue
from doudi.engine.walk import children
from doudi.engine.words import UNITS
from doudi.engine.working import SAYERS, Said, Working
from doudi.engine.working_numbers import NUMBER_SAYERS
from doudi.engine.working_rows import ROW_SAYERS
from doudi.engine.written import LANGS, Pair, with_unit, writer

__all__ = ["REASONS", "Explainer", "basis_data", "step_id"]
_RULES = ("rule", "rows")
_GIVEN: Pair = ("直接给出", "given directly")


Found = dict[tuple[str, int], "tuple[int, int, Template, Subject, tuple[str, ...]] | None"]
"""What was collected, by name and identity of the subject: place in the order, then what makes a step."""
_IN_ORDER = itemgetter(0, 1)


class Explainer:
    """Makes the steps of cases."""

    def __init__(self, rulebook: Rulebook, program: Program) -> None:
        self._rulebook, self._program = rulebook, program
        self._working = Working(rulebook, program, SAYERS | NUMBER_SAYERS | ROW_SAYERS)
        self._order = {name: i for i, name in enumerate(rulebook.quantities)}
        self._templates: dict[str, Template] = {}

    def steps(self, roots: list[str], household: Subject) -> tuple[Step, ...]:
        """The steps that household quantities depend on, roots last."""
        found: Found = {}
        places = {id(p): i for i, p in enumerate(household.persons)}
        for root in roots:
            if root in self._order:
                self._collect(root, household, places, found)
        ordered = sorted([one for one in found.values() if one is not None], key=_IN_ORDER)
        return tuple(
            [template.step(subject, inputs) for _, _, template, subject, inputs in ordered if template.is_rule]
        )

    def _collect(self, name: str, subject: Subject, places: dict[int, int], found: Found) -> None:
        """The quantity, after what it was worked out from."""
        template = self._templates.get(name)
        if template is None:
            quantity = self._rulebook.quantities[name]
            template = self._templates[name] = Template(self._rulebook, self._working, quantity, self._order[name])
        key = (name, id(subject))
        found[key] = None
        inputs: dict[str, None] = {}
        for other, owner in template.reads(subject):
            inputs[f"{other}@{owner.id}"] = None
            if (other, id(owner)) not in found:
                self._collect(other, owner, places, found)
        found[key] = (template.order, places.get(id(subject), -1), template, subject, tuple(inputs))


class Template:
    """One quantity ready to be explained for any subject."""

    def __init__(self, rulebook: Rulebook, working: Working, quantity: Quantity, order: int) -> None:
        self._quantity, self.is_rule, self.order = quantity, quantity.origin in _RULES, order
        self._program, self._name = working.program, quantity.name
        self._value = working.program.function(quantity.entity, quantity.name)
        self._reader = reader(rulebook, working.program, quantity.formula, quantity.entity)
        self._is_imputed = is_imputed(quantity)
        if not self.is_rule:
            return
        self._written = with_unit(writer(quantity.kind, quantity.formula, working.words), quantity.kind.unit)
        zh, en = working.named(quantity.formula)
        self._formula = {"zh": zh, "en": en}
        self._worked: Said = working.said(quantity.formula, quantity.entity)
        self._figures = [Figure(working, ref, rulebook.parameters[ref.name]) for ref in parameters_of(quantity.formula)]
        origins = Origins(rulebook, working, quantity)
        self._origins = None if origins.are_none else origins
        self._qualified, self._label_zh, self._label_en = quantity.qualified, quantity.label["zh"], quantity.label["en"]
        self._basis = tuple(basis_data(b) for b in quantity.basis)

    def reads(self, subject: Subject) -> Read:
        """The quantities that it was worked out from."""
        found: Read = []
        if self._reader is not None and not (self._quantity.given and self._name in subject.facts):
            self._reader(subject, found)
        return found

    def step(self, subject: Subject, inputs: tuple[str, ...]) -> Step:
        """The step of a subject."""
        quantity, value = self._quantity, self._value(subject)
        is_given = quantity.given and self._name in subject.facts
        zh, en = self._written(value)
        worked, worked_en = _GIVEN if is_given else self._worked(subject)
        fixed_sentence = quantity.yes if value is True else quantity.no if value is False else None
        sentence = fixed_sentence or {"zh": f"{self._label_zh}：{zh}", "en": f"{self._label_en}: {en}"}
        figures = self._figures
        return Step(
            f"{self._qualified}@{subject.id}",
            self._qualified,
            subject.id,
            quantity.label,
            value,
            quantity.kind.unit,
            {"zh": zh, "en": en},
            sentence,
            self._formula,
            {"zh": worked, "en": worked_en},
            inputs,
            figures_of(figures, subject.household or subject) if figures else (),
            () if is_given or self._origins is None else self._origins.of(subject),
            self._basis,
            quantity.sensitivity,
            self._is_imputed,
        )


class Figure:
    """A figure of a formula as it holds for a household; the same data for every household it holds for."""

    def __init__(self, working: Working, ref: Ref, parameter: Parameter) -> None:
        self._program, self._parameter = working.program, parameter
        self._write = working.written(ref)
        self._unit = {lang: UNITS[lang][parameter.kind.unit] for lang in LANGS}
        self._data: dict[int, dict[str, Any]] = {}

    def of(self, household: Subject) -> dict[str, Any] | None:
        """The figure; None while area or key are unknown."""
        used = self._program.parameter_used(self._parameter.name, household)
        if used is None:
            return None
        found = self._data.get(id(used))
        if found is None:
            found = self._data[id(used)] = self._made(used)
        return found

    def _made(self, used: ParameterValue) -> dict[str, Any]:
        zh, en = self._write(used.value)
        return {
            "name": self._parameter.name,
            "label": self._parameter.label,
            "value": {"zh": zh, "en": en},
            "unit": self._unit,
            "area": used.area or "nation",
            "key": used.key,
            "from": used.from_on.isoformat(),
            "to": used.to_on.isoformat() if used.to_on else None,
            "basis": basis_data(used.basis),
        }


def figures_of(figures: list[Figure], household: Subject) -> tuple[dict[str, Any], ...]:
    """The figures that are known."""
    return tuple([data for figure in figures if (data := figure.of(household)) is not None])


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


def step_id(name: str, subject: Subject) -> str:
    """The id of a step within its proposal."""
    return f"{name}@{subject.id}"


def basis_data(basis: Basis) -> dict[str, Any]:
    """A basis as data."""
    return {"document": basis.document, "number": basis.number, "article": basis.article, "sample": basis.sample}
