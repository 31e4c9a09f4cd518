"""Reasons: the steps a result depends on, in the order of working out, each with arithmetic, figures, sources and
articles.
"""

from __future__ import annotations

from typing import Any

from doudi.engine.feeds import Bilingual
from doudi.engine.proposal import Step
from doudi.engine.python import Program
from doudi.engine.quantities import Quantity, Rulebook
from doudi.engine.subject import Subject
from doudi.engine.tree import Aggregate, Case, Node, Ref
from doudi.engine.vocabulary import Basis, ParameterValue
from doudi.engine.walk import children
from doudi.engine.wording import Wording
from doudi.engine.words import UNITS, shown
from doudi.engine.working import Working

LANGS = ("zh", "en")
_MAX_ROWS = 20
_RULES = ("rule", "rows")
REASONS = {
    "never_asked": {"zh": "还没有问过", "en": "never asked"},
    "not_answered": {"zh": "部门没有反馈", "en": "not answered"},
    "not_permitted": {"zh": "没有授权，不得查询", "en": "not permitted without authorisation"},
    "conflicting": {"zh": "来源互相矛盾", "en": "sources disagree"},
}


class Explainer:
    """Makes the steps of cases; what is the same for every case of a rulebook is worked out once."""

    def __init__(self, rulebook: Rulebook, program: Program) -> None:
        self._rulebook, self._program = rulebook, program
        self._wording = {lang: Wording(rulebook, lang) for lang in LANGS}
        self._order = {name: i for i, name in enumerate(rulebook.quantities)}
        self._formulas: dict[str, Bilingual] = {}
        self._figures: dict[str, list[Ref]] = {}
        self._over_rows: dict[str, list[Aggregate]] = {}

    def steps(self, roots: list[str], household: Subject) -> tuple[Step, ...]:
        """The steps that household quantities depend on, roots last."""
        found: dict[tuple[str, int], tuple[Quantity, Subject, tuple[str, ...]]] = {}
        for root in roots:
            self._collect(root, household, found)
        persons = {id(p): i for i, p in enumerate(household.persons)}
        ordered = sorted(found.values(), key=lambda f: (self._order[f[0].qualified], persons.get(id(f[1]), -1)))
        return tuple(
            self._step(quantity, subject, inputs) for quantity, subject, inputs in ordered if quantity.origin in _RULES
        )

    def _collect(
        self, name: str, subject: Subject, found: dict[tuple[str, int], tuple[Quantity, Subject, tuple[str, ...]]]
    ) -> None:
        quantity = self._rulebook.quantities.get(name)
        if quantity is None or (name, id(subject)) in found:
            return
        found[name, id(subject)] = (quantity, subject, ())
        inputs: list[str] = []
        if not (quantity.given and quantity.name in subject.facts):
            for ref, owner in self._read(quantity.formula, subject):
                other = f"{ref.entity}.{ref.name}"
                if other in self._rulebook.quantities and owner.entity in ("household", "person"):
                    inputs.append(step_id(other, owner))
                    self._collect(other, owner, found)
        found[name, id(subject)] = (quantity, subject, tuple(dict.fromkeys(inputs)))

    def _read(self, node: Node, subject: Subject) -> list[tuple[Ref, Subject]]:
        """The references a value was worked out from, with whom they were read of; branches not taken are left out."""
        household = subject.household or subject
        if isinstance(node, Ref):
            if node.entity == "parameter":
                return []
            if node.via_head:
                return [(node, household.head)] if household.head is not None else []
            return [
                (
                    node,
                    household
                    if node.entity == "household"
                    else (subject.person or subject)
                    if node.entity == "person"
                    else subject,
                )
            ]
        if isinstance(node, Aggregate):
            return [
                pair
                for row in self._program.rows_of(node, subject)
                for part in children(node)
                for pair in self._read(part, row)
            ]
        if isinstance(node, Case):
            pairs: list[tuple[Ref, Subject]] = []
            for test, value in node.branches:
                pairs += self._read(test, subject)
                holds = self._program.evaluate(test, subject)
                if holds is None:
                    return pairs
                if holds:
                    return pairs + self._read(value, subject)
            return pairs + self._read(node.otherwise, subject)
        return [pair for child in children(node) for pair in self._read(child, subject)]

    def _step(self, quantity: Quantity, subject: Subject, inputs: tuple[str, ...]) -> Step:
        value = self._program.value(subject, quantity.name)
        texts = {lang: self._shown(quantity, value, lang) for lang in LANGS}
        return Step(
            step_id(quantity.qualified, subject),
            quantity.qualified,
            subject.id,
            quantity.label,
            value,
            quantity.kind.unit,
            texts,
            self._sentence(quantity, value, texts),
            dict(self._formula(quantity)),
            {lang: self._worked(quantity, subject, lang) for lang in LANGS},
            inputs,
            tuple(self._parameters(quantity, subject)),
            tuple(self._sources(quantity, subject)),
            tuple(basis_data(b) for b in quantity.basis),
            quantity.sensitivity,
        )

    def _shown(self, quantity: Quantity, value: Any, lang: str) -> str:
        unit = UNITS[lang][quantity.kind.unit]
        text = shown(value, quantity.kind, lang, lambda t: self._wording[lang].code(quantity.formula, t))
        return f"{text} {unit}" if unit and value is not None else text

    def _sentence(self, quantity: Quantity, value: Any, texts: dict[str, str]) -> Bilingual:
        if value is True and quantity.yes:
            return quantity.yes
        if value is False and quantity.no:
            return quantity.no
        return {"zh": f"{quantity.label['zh']}：{texts['zh']}", "en": f"{quantity.label['en']}: {texts['en']}"}

    def _formula(self, quantity: Quantity) -> Bilingual:
        found = self._formulas.get(quantity.qualified)
        if found is None:
            found = {lang: self._wording[lang].formula(quantity.formula) for lang in LANGS}
            self._formulas[quantity.qualified] = found
        return found

    def _worked(self, quantity: Quantity, subject: Subject, lang: str) -> str:
        if quantity.given and quantity.name in subject.facts:
            return {"zh": "直接给出", "en": "given directly"}[lang]
        return Working(self._rulebook, lang, self._program, subject).worked(quantity.formula)

    def _parameters(self, quantity: Quantity, subject: Subject) -> list[dict[str, Any]]:
        """The figures of a formula as they hold for the household."""
        refs = self._figures.get(quantity.qualified)
        if refs is None:
            named: dict[str, Ref] = {}
            for part in _all_parts(quantity.formula):
                if isinstance(part, Ref) and part.entity == "parameter":
                    named.setdefault(part.name, part)
            refs = self._figures[quantity.qualified] = list(named.values())
        household = subject.household or subject
        pairs = [(ref, self._program.parameter_used(ref.name, household)) for ref in refs]
        return [self._figure(ref, used, household) for ref, used in pairs if used is not None]

    def _figure(self, ref: Ref, used: ParameterValue, household: Subject) -> dict[str, Any]:
        parameter = self._rulebook.parameters[ref.name]
        return {
            "name": ref.name,
            "label": parameter.label,
            "value": {lang: Working(self._rulebook, lang, self._program, household).value(ref) for lang in LANGS},
            "unit": {lang: UNITS[lang][parameter.kind.unit] for lang in LANGS},
            "area": used.area or "nation",
            "key": used.key,
            "from": used.from_on.isoformat(),
            "to": used.to_on.isoformat() if used.to_on else None,
            "basis": basis_data(used.basis),
        }

    def _sources(self, quantity: Quantity, subject: Subject) -> list[dict[str, Any]]:
        """The rows that a value was worked out from directly, by feed and delivery; or why there are none."""
        if quantity.given and quantity.name in subject.facts:
            return []
        found: dict[tuple[str, str], dict[str, Any]] = {}
        aggregates = self._over_rows.get(quantity.qualified)
        if aggregates is None:
            parts = _all_parts(quantity.formula)
            aggregates = [part for part in parts if isinstance(part, Aggregate) and part.over != "person"]
            self._over_rows[quantity.qualified] = aggregates
        for node in aggregates:
            record = self._rulebook.records[node.over]
            for row in self._program.rows_of(node, subject):
                if row.phantom is None and node.where is not None and not self._program.evaluate(node.where, row):
                    continue
                delivery = row.why.get("_delivery", "")
                entry = found.setdefault(
                    (record.feed.name, row.phantom or delivery),
                    _source(record.feed.name, record.feed.label, delivery, row.phantom),
                )
                entry["count"] += 0 if row.phantom else 1
                if row.why.get("_row") and len(entry["rows"]) < _MAX_ROWS:
                    entry["rows"].append(int(row.why["_row"]))
            if not any(name == record.feed.name for name, _ in found):
                found[record.feed.name, ""] = _source(record.feed.name, record.feed.label, "", None)
        return list(found.values())


def _all_parts(node: Node) -> list[Node]:
    """The node and all below it, as they are written."""
    return [node, *(part for child in children(node) for part in _all_parts(child))]


def _source(feed: str, label: Bilingual, delivery: str, reason: str | None) -> dict[str, Any]:
    why = REASONS[reason] if reason else None
    return {"feed": feed, "label": label, "delivery": delivery, "rows": [], "count": 0, "unanswered": why}


def step_id(name: str, subject: Subject) -> str:
    """The id of a step within its proposal."""
    return f"{name}@{subject.id}"


def basis_data(basis: Basis) -> dict[str, Any]:
    """A basis as data."""
    return {"document": basis.document, "number": basis.number, "article": basis.article, "sample": basis.sample}
