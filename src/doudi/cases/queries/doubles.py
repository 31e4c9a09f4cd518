"""Members of an application who are in another open application too: a warning, never a refusal by itself."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from doudi.areas.queries import name_path
from doudi.cases.access import applications_visible_to
from doudi.cases.lifecycle import OPEN
from doudi.cases.logic.wizard import Answers
from doudi.cases.models import Application
from doudi.cases.queries.beyond import open_beside
from doudi.core.actor import Actor
from doudi.registry.models import Membership, Person
from doudi.registry.queries import persons_by_numbers

TOWNSHIP = 9


@dataclass(frozen=True, slots=True)
class Double:
    """Another open application with the members it shares. One the viewer may not see has neither number nor place."""

    application: uuid.UUID | None
    number: str
    place: str
    names: str = field(repr=False)


def doubles_of(application: Application, actor: Actor, lang: str) -> tuple[Double, ...]:
    """Open applications that share a member with this one, the newest first; those seen before those not seen."""
    beside = open_beside(application.id)
    if not beside:
        return ()
    seen = applications_visible_to(actor).in_bulk(list(beside))
    people = Person.objects.in_bulk({person for shared in beside.values() for person in shared})
    lines = [
        _double(seen.get(other), _joined([people[person] for person in shared if person in people], lang), lang)
        for other, shared in beside.items()
    ]
    return tuple(sorted(lines, key=lambda line: line.application is None))


def doubles_of_form(answers: Answers, actor: Actor, lang: str) -> tuple[Double, ...]:
    """Open applications of the actor's area that somebody named on a form belongs to, the newest first. Of other areas
    nothing is told before the form is handed in: a form is anybody's to fill in, with whatever number.
    """
    if answers.applied_on is None:
        return ()
    people = {person.id: person for person in persons_by_numbers(sorted(answers.named())).values()}
    units = list(Membership.objects.filter(person__in=people, kind="unit").order_by("seq"))
    beside = applications_visible_to(actor).filter(state__in=OPEN, household__in={one.household_id for one in units})
    found = []
    for other in beside.order_by("-applied_on", "-number"):
        day = max(answers.applied_on, other.applied_on)
        shared = [
            people[one.person_id]
            for one in units
            if one.household_id == other.household_id and one.from_on <= day and (one.to_on is None or one.to_on > day)
        ]
        if shared:
            found.append(_double(other, _joined(list(dict.fromkeys(shared)), lang), lang))
    return tuple(found)


def _joined(people: Sequence[Person], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(person.name or person.number_masked for person in people)


def _double(other: Application | None, names: str, lang: str) -> Double:
    if other is None:
        return Double(None, "", "", names)
    place = name_path(other.area_code[:TOWNSHIP], lang) if other.area_code else ""
    return Double(other.id, other.number, place, names)
