"""A rule as a place would write it: taken from where it is set now, changed, and put in the form of its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from doudi.engine.errors import EngineError
from doudi.engine.policy import Layer, load
from doudi.engine.vocabulary import Basis, RuleDefinition
from doudi.rulebook.logic.checking import laid_out
from doudi.rulebook.logic.yaml_text import NewBasis, basis_table


@dataclass(frozen=True, slots=True)
class SaidOfRule:
    """What an officer may say of a rule: words, formula, basis."""

    label: dict[str, str]
    formula: str
    yes: dict[str, str]
    no: dict[str, str]
    basis: NewBasis


def layers_of(files: Mapping[str, str], place: str) -> list[Layer]:
    """What the place and each area above it declare, the nearest first, the nation last. [] if it cannot be read."""
    try:
        with laid_out(files) as root:
            policy = load(root)
    except EngineError:
        return []
    codes = [place[:length] for length in (12, 9, 6, 4, 2) if length <= len(place)]
    return [*(policy.places[code] for code in codes if code in policy.places), policy.base]


def rule_in(layers: list[Layer], name: str) -> RuleDefinition | None:
    """The rule of that name of the nearest layer that has one."""
    return next((layer.rules[name] for layer in layers if name in layer.rules), None)


def rule_table(rule: RuleDefinition, said: SaidOfRule) -> dict[str, object]:
    """The entry of rules.yaml: the kind of the rule as it is, the rest as said. Further articles are kept."""
    kind = rule.kind
    money = kind.base == "number" and kind.scale == 2
    table: dict[str, object] = {"type": "money" if money else kind.base}
    if kind.unit not in ("none", ""):
        table["unit"] = kind.unit
    if rule.codes_from:
        table["codes"] = rule.codes_from
    if rule.sensitivity:
        table["sensitivity"] = rule.sensitivity
    table |= {key: f"{bound:f}" for key in ("minimum", "maximum") if (bound := getattr(kind, key)) is not None}
    table["label"] = said.label
    if rule.not_applicable is not None:
        table["not_applicable"] = rule.not_applicable.text
    table["formula"] = said.formula.strip()
    table["basis"] = [basis_table(said.basis), *(_basis(one) for one in rule.basis[1:])]
    if said.yes.get("zh") or said.yes.get("en"):
        table |= {"yes": said.yes, "no": said.no}
    return table


def _basis(basis: Basis) -> dict[str, str]:
    return basis_table(NewBasis(basis.document, basis.number, basis.article, basis.sample))
