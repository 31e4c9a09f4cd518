"""One rule or fact as a reader opens it: formula in words and as written, what it reads, who reads it, where set."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from doudi.engine.quantities import Quantity, Rulebook
from doudi.engine.walk import references
from doudi.engine.wording import Wording
from doudi.rulebook.logic.figures import UNIT_WORDS, Article, articles_of


@dataclass(frozen=True, slots=True)
class Link:
    """Something a rule reads or is read by. `kind`: rule, parameter, fact, programme."""

    kind: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class RulePage:
    """What a rule's page shows."""

    name: str
    label: str
    kind: str
    unit: str
    meaning: str
    formula: str
    words: str
    yes: str
    no: str
    reads: tuple[Link, ...]
    read_by: tuple[Link, ...]
    set_in: str
    written_at: str
    articles: tuple[Article, ...]
    sensitivity: str


def rule_page(rulebook: Rulebook, name: str, lang: str, area_name: Callable[[str], str]) -> RulePage | None:
    """The page of a rule or fact of a rulebook; None when there is no such name."""
    quantity, fact = rulebook.quantities.get(name), rulebook.facts.get(name)
    if quantity is None and fact is None:
        return None
    kind = (quantity or fact).kind  # type: ignore[union-attr]
    of_rule = quantity is not None and not quantity.given
    return RulePage(
        name=name,
        label=(quantity or fact).label[lang],  # type: ignore[union-attr]
        kind=kind.base,
        unit=UNIT_WORDS.get(kind.unit, {}).get(lang, ""),
        meaning=fact.meaning[lang] if fact else "",
        formula=quantity.text if quantity and of_rule else "",
        words=Wording(rulebook, lang).formula(quantity.formula) if quantity and of_rule else "",
        yes=quantity.yes[lang] if quantity and quantity.yes else "",
        no=quantity.no[lang] if quantity and quantity.no else "",
        reads=tuple(_reads(rulebook, quantity, lang)) if quantity else (),
        read_by=tuple(readers_of(rulebook, name.partition(".")[0], name.partition(".")[2], lang)),
        set_in=area_name(quantity.set_in if quantity else ""),
        written_at=str((quantity or fact).at),  # type: ignore[union-attr]
        articles=articles_of(quantity.basis) if quantity else (),
        sensitivity=(quantity or fact).sensitivity,  # type: ignore[union-attr]
    )


def readers_of(rulebook: Rulebook, entity: str, name: str, lang: str) -> Iterable[Link]:
    """The rules and programmes whose formula reads a name directly; a parameter's entity is `parameter`."""
    found: dict[str, Link] = {}
    for quantity in rulebook.quantities.values():
        if quantity.origin != "variant" and _does_read(quantity, entity, name):
            link = _reader(rulebook, quantity, lang)
            found.setdefault(link.name, link)
    return found.values()


def _does_read(quantity: Quantity, entity: str, name: str) -> bool:
    return any((ref.entity, ref.name) == (entity, name) for ref, _ in references(quantity.formula, quantity.entity))


def _reader(rulebook: Rulebook, quantity: Quantity, lang: str) -> Link:
    """A rule; what belongs to a programme stands for the programme."""
    programme = rulebook.programmes.get(quantity.name.partition("__")[0])
    if quantity.origin == "programme" and programme is not None:
        return Link("programme", programme.name, programme.label[lang])
    return Link("rule", quantity.qualified, quantity.label[lang])


def _reads(rulebook: Rulebook, quantity: Quantity, lang: str) -> Iterable[Link]:
    found: dict[str, Link] = {}
    for ref, _ in references(quantity.formula, quantity.entity):
        link = _link(rulebook, ref.entity, ref.name, lang)
        if link is not None:
            found.setdefault(link.name, link)
    return found.values()


def _link(rulebook: Rulebook, entity: str, name: str, lang: str) -> Link | None:
    if entity == "parameter":
        return Link("parameter", name, rulebook.parameters[name].label[lang])
    qualified = f"{entity}.{name}"
    quantity, fact = rulebook.quantities.get(qualified), rulebook.facts.get(qualified)
    if quantity is not None or fact is not None:
        return Link("rule", qualified, (quantity or fact).label[lang])  # type: ignore[union-attr]
    record = rulebook.records.get(entity)
    column = record.columns.get(name) if record else None
    if record is None or column is None:
        return None
    return Link("fact", qualified, f"{record.feed.label[lang]} · {column.label[lang]}")
