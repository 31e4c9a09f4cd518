"""Points of discretion: which ones a proposal waits for, what is wrong with a choice, and how choices enter a case."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from doudi.engine.rulebook import Rulebook
from doudi.engine.vocabulary import FactDefinition

SOURCE = "discretion"


@dataclass(frozen=True, slots=True)
class Chosen:
    """One choice: the fact (`household.x` or `person.x`), about whom, a code of its list, the reason."""

    fact: str
    person: uuid.UUID | None
    choice: str
    reason: str


def point(rulebook: Rulebook, fact: str) -> FactDefinition | None:
    """The fact, if the rule leaves it to a person."""
    found = rulebook.facts.get(fact)
    return found if found is not None and found.source == SOURCE else None


def fault_of(chosen: Chosen, rulebook: Rulebook, people: Collection[uuid.UUID]) -> str | None:
    """What is wrong with a choice, as a code; None if nothing is."""
    found = point(rulebook, chosen.fact)
    if found is None:
        return "cases.discretion_unknown"
    if (found.entity == "person") != (chosen.person is not None) or (chosen.person and chosen.person not in people):
        return "cases.discretion_whose"
    if chosen.choice not in found.codes:
        return "cases.choice_unknown"
    return None if chosen.reason.strip() else "cases.reason_missing"


def points_of(
    missing: Iterable[Mapping[str, Any]],
    rulebook: Rulebook,
    standing: Iterable[Chosen],
    sent: Iterable[tuple[str, uuid.UUID | None]] = (),
) -> tuple[tuple[FactDefinition, uuid.UUID | None], ...]:
    """The points a proposal waits for, those chosen before and those `sent`, each once, in the order of asking."""
    waiting = [(item["fact"], uuid.UUID(item["person"]) if item["person"] else None) for item in missing]
    found = dict.fromkeys([*waiting, *((one.fact, one.person) for one in standing), *sent])
    return tuple((fact, person) for name, person in found if (fact := point(rulebook, name)) is not None)


def with_choices(case: Mapping[str, Any], chosen: Sequence[Chosen]) -> Mapping[str, Any]:
    """CASE.json with the choices that stand: `{"choice": code, "reason": text}` in the place of the fact."""
    if not chosen:
        return case
    household = dict(case["household"])
    persons = {person["id"]: dict(person) for person in case["persons"]}
    for one in chosen:
        name = one.fact.partition(".")[2]
        owner = household if one.person is None else persons.get(str(one.person))
        if owner is not None:
            owner[name] = {"choice": one.choice, "reason": one.reason}
    return {**case, "household": household, "persons": [persons[person["id"]] for person in case["persons"]]}
