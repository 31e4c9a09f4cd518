"""What one name of a rulebook means, for a reader: words, formula, place in the files, what it reads, who reads it."""

from __future__ import annotations

from typing import Any

from doudi.engine.quantities import Parameter, Quantity, Rulebook
from doudi.engine.vocabulary import Basis, FactDefinition, ProgrammeDefinition
from doudi.engine.walk import references
from doudi.engine.wording import Wording
from doudi.engine.words import UNITS, shown


def told(rulebook: Rulebook, name: str, lang: str) -> dict[str, Any] | None:
    """The telling of a quantity, fact, parameter or programme; None when there is no such name."""
    if name in rulebook.quantities:
        return _quantity(rulebook, rulebook.quantities[name], lang)
    if name in rulebook.facts:
        return _fact(rulebook, rulebook.facts[name], lang)
    if name in rulebook.parameters:
        return _parameter(rulebook, rulebook.parameters[name], lang)
    if name in rulebook.programmes:
        return _programme(rulebook, rulebook.programmes[name], lang)
    return None


def _quantity(rulebook: Rulebook, quantity: Quantity, lang: str) -> dict[str, Any]:
    fact = rulebook.facts.get(quantity.qualified)
    return {
        "name": quantity.qualified,
        "label": quantity.label[lang],
        "meaning": fact.meaning[lang] if fact else "",
        "kind": _kind(quantity, lang),
        "formula": quantity.text,
        "in words": Wording(rulebook, lang).formula(quantity.formula),
        "yes": quantity.yes[lang] if quantity.yes else "",
        "no": quantity.no[lang] if quantity.no else "",
        "reads": sorted({_name(r.entity, r.name) for r, _ in references(quantity.formula, quantity.entity)}),
        "read by": _readers(rulebook, quantity.entity, quantity.name),
        "basis": [_basis(b) for b in quantity.basis],
        "written at": str(quantity.at),
        "sensitivity": quantity.sensitivity,
    }


def _fact(rulebook: Rulebook, fact: FactDefinition, lang: str) -> dict[str, Any]:
    return {
        "name": fact.qualified,
        "label": fact.label[lang],
        "meaning": fact.meaning[lang],
        "kind": _kind(fact, lang),
        "codes": [f"{code} {label[lang]}" if lang == "en" else code for code, label in fact.codes.items()],
        "source": fact.source,
        "read by": _readers(rulebook, fact.entity, fact.name),
        "written at": str(fact.at),
        "sensitivity": fact.sensitivity,
    }


def _parameter(rulebook: Rulebook, parameter: Parameter, lang: str) -> dict[str, Any]:
    def value(one: Any) -> str:
        key = f" {one.key}" if one.key else ""
        until = f" – {one.to_on}" if one.to_on else ""
        text = shown(one.value, parameter.kind, lang)
        return f"{one.area or 'nation'}{key} {one.from_on}{until}: {text} ({_basis(one.basis)})"

    return {
        "name": parameter.name,
        "label": parameter.label[lang],
        "kind": _kind(parameter, lang),
        "set by": list(parameter.set_by),
        "values": [value(one) for one in parameter.values],
        "read by": _readers(rulebook, "parameter", parameter.name),
    }


def _programme(rulebook: Rulebook, programme: ProgrammeDefinition, lang: str) -> dict[str, Any]:
    return {
        "name": programme.name,
        "label": programme.label[lang],
        "unit": programme.unit,
        "authority": programme.authority[lang],
        "eligible": programme.eligible.text,
        "amount": programme.amount.text if programme.amount else "",
        "basis": [_basis(b) for b in programme.basis],
        "written at": str(programme.at),
    }


def _kind(one: Quantity | FactDefinition | Parameter, lang: str) -> str:
    unit = UNITS[lang].get(one.kind.unit, one.kind.unit)
    return f"{one.kind.base} {unit}".strip()


def _readers(rulebook: Rulebook, entity: str, name: str) -> list[str]:
    found = set()
    for quantity in rulebook.quantities.values():
        if quantity.origin != "variant":
            for ref, _ in references(quantity.formula, quantity.entity):
                if (ref.entity, ref.name) == (entity, name):
                    found.add(quantity.qualified)
    return sorted(found)


def _name(entity: str, name: str) -> str:
    return name if entity == "parameter" else f"{entity}.{name}"


def _basis(basis: Basis) -> str:
    text = " ".join(filter(None, (basis.document, basis.number, basis.article)))
    return f"{text} [sample]" if basis.sample else text
