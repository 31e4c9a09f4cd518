"""Who is obliged to support the members of an application, as shown: asked of whom, what was said."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy

from doudi.cases.access import applications_visible_to
from doudi.cases.logic.obligors import asked_of_obligors
from doudi.cases.models import Application
from doudi.cases.queries.said import in_words
from doudi.core.actor import Actor
from doudi.engine.rulebook import Rulebook
from doudi.engine.vocabulary import FactDefinition
from doudi.registry.logic.obligors import Obligor
from doudi.registry.queries import members, obligors_said, obligors_said_elsewhere

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
class Elsewhere:
    """What another application says of the same member; of one the reader may not see, only that it says something."""

    application: uuid.UUID | None
    number: str
    state: str
    obligors: tuple[ObligorLine, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Obliged:
    """One member with what was said. `state`: never_asked, not_known, nobody or listed."""

    person: uuid.UUID
    name: str = field(repr=False)
    state: str
    obligors: tuple[ObligorLine, ...]
    elsewhere: tuple[Elsewhere, ...] = ()


def obliged_of(application: Application, actor: Actor, rulebook: Rulebook, lang: str) -> tuple[Obliged, ...]:
    """Each member with their obligors as this application has them, and what others have said; nothing where the
    rulebook does not ask. Access to this application and the look are the caller's.
    """
    asked = asked_of_obligors(rulebook)
    if not asked:
        return ()
    lines = list(members(application.household_id, application.applied_on))
    people = [row.person_id for row in lines]
    found = obligors_said([(person, application.number) for person in people], application.applied_on)
    said = {person: obligors for (person, _number), obligors in found.items()}
    others = _elsewhere(application, actor, people, asked, lang)
    return tuple(
        Obliged(
            row.person_id,
            row.person.name or row.person.number_masked,
            _state(row.person_id, said),
            tuple(_line(one, asked, lang) for one in said.get(row.person_id) or ()),
            others.get(row.person_id, ()),
        )
        for row in lines
    )


def _elsewhere(
    application: Application, actor: Actor, people: Sequence[uuid.UUID], asked: Sequence[FactDefinition], lang: str
) -> dict[uuid.UUID, tuple[Elsewhere, ...]]:
    """What other applications say of the same people: told where the reader may see the application, else only that."""
    said = obligors_said_elsewhere(people, application.applied_on, application.number)
    numbers = {number for lists in said.values() for number in lists}
    visible = dict(applications_visible_to(actor).filter(number__in=numbers).values_list("number", "id"))
    found: dict[uuid.UUID, tuple[Elsewhere, ...]] = {}
    for person, lists in said.items():
        shown = [
            Elsewhere(visible[number], number, _state_of(named), tuple(_line(one, asked, lang) for one in named or ()))
            for number, named in sorted(lists.items())
            if number in visible
        ]
        unseen = [Elsewhere(None, "", "", ())] if any(number not in visible for number in lists) else []
        found[person] = (*shown, *unseen)
    return found


def _state(person: uuid.UUID, said: Mapping[uuid.UUID, tuple[Obligor, ...] | None]) -> str:
    return _state_of(said[person]) if person in said else "never_asked"


def _state_of(found: tuple[Obligor, ...] | None) -> str:
    return "not_known" if found is None else "listed" if found else "nobody"


def _line(one: Obligor, asked: Sequence[FactDefinition], lang: str) -> ObligorLine:
    facts = tuple((fact.label[lang], *in_words(fact, one.facts.get(fact.name), lang)) for fact in asked)
    return ObligorLine(one.id, one.name, str(RELATION_LABELS.get(one.relation, "")), one.residence, facts)
