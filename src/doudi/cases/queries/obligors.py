"""Who is obliged to support the members of an application, as shown: asked of whom, what was said."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy

from doudi.cases.logic.obligors import asked_of_obligors
from doudi.cases.models import Application
from doudi.cases.queries.said import in_words
from doudi.engine.rulebook import Rulebook
from doudi.engine.vocabulary import FactDefinition
from doudi.registry.logic.obligors import Obligor
from doudi.registry.queries import members, obligors_said

RELATION_LABELS = {
    "child": gettext_lazy("子女"),
    "parent": gettext_lazy("父母"),
    "spouse": gettext_lazy("配偶"),
    "grandchild": gettext_lazy("孙子女、外孙子女"),
    "grandparent": gettext_lazy("祖父母、外祖父母"),
    "sibling": gettext_lazy("兄弟姐妹"),
}


@dataclass(frozen=True, slots=True)
class ObligorLine:
    """One obligor as shown."""

    id: uuid.UUID
    name: str = field(repr=False)
    relation: str
    residence: str = field(repr=False)
    facts: tuple[tuple[str, str, bool], ...] = field(repr=False)
    """(label, value in words, whether it is known)."""


@dataclass(frozen=True, slots=True)
class Obliged:
    """One member with what was said. `state`: never_asked, not_known, nobody or listed."""

    person: uuid.UUID
    name: str = field(repr=False)
    state: str
    obligors: tuple[ObligorLine, ...]


def obliged_of(application: Application, rulebook: Rulebook, lang: str) -> tuple[Obliged, ...]:
    """Each member with their obligors; nothing where the rulebook does not ask. Access and look are the caller's."""
    asked = asked_of_obligors(rulebook)
    if not asked:
        return ()
    lines = list(members(application.household_id, application.applied_on))
    said = obligors_said([row.person_id for row in lines], application.applied_on)
    return tuple(
        Obliged(
            row.person_id,
            row.person.name or row.person.number_masked,
            _state(row.person_id, said),
            tuple(_line(one, asked, lang) for one in said.get(row.person_id) or ()),
        )
        for row in lines
    )


def _state(person: uuid.UUID, said: Mapping[uuid.UUID, tuple[Obligor, ...] | None]) -> str:
    if person not in said:
        return "never_asked"
    found = said[person]
    return "not_known" if found is None else "listed" if found else "nobody"


def _line(one: Obligor, asked: Sequence[FactDefinition], lang: str) -> ObligorLine:
    facts = tuple((fact.label[lang], *in_words(fact, one.facts.get(fact.name), lang)) for fact in asked)
    return ObligorLine(one.id, one.name, str(RELATION_LABELS.get(one.relation, "")), one.residence, facts)
