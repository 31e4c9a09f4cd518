"""CASE.json of assistance units: what the engine decides on, from the registry, declarations and the lake."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from doudi.engine.quantities import RELATION
from doudi.engine.rulebook import Rulebook
from doudi.matching.logic.families import PERSON_FACTS, Family, Subject
from doudi.matching.logic.said import UNKNOWN, obligor_rows, said
from doudi.matching.logic.wanted import AUTHORISED, given_facts, wanted_feeds
from doudi.matching.queries.evidence import Evidence, Row, evidence
from doudi.matching.queries.families import families
from doudi.matching.queries.permits import Permitted
from doudi.registry.queries import Asking, obligors_said

Obliged = Mapping[uuid.UUID, Any]
"""By person: rows of the obligors, or why they are unknown; a person nobody asked about is not in it."""


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """Which unit, as of which day; declarations made in `application` go before others.

    `asked_on` is the day of asking: an authorisation signed after the application (handed in later) opens the data from
    then on, one withdrawn meanwhile closes it. Without it the permits of `as_of` count.
    """

    unit: uuid.UUID
    as_of: datetime.date
    application: str = ""
    asked_on: datetime.date | None = None

    @property
    def permits_on(self) -> datetime.date:
        """The day whose permits count."""
        return max(self.as_of, self.asked_on or self.as_of)


def case_for(
    rulebook: Rulebook,
    unit_household: uuid.UUID,
    as_of: datetime.date,
    *,
    application: str = "",
    permitted: Permitted | None = None,
) -> dict[str, Any]:
    """CASE.json of one unit."""
    return cases_for(rulebook, [CaseRequest(unit_household, as_of, application)], permitted=permitted)[0]


def cases_for(
    rulebook: Rulebook, requests: Sequence[CaseRequest], *, permitted: Permitted | None = None
) -> list[dict[str, Any]]:
    """CASE.json of many units, in the order asked; the lake is read once a feed."""
    feeds = wanted_feeds(rulebook)
    authorised = [feed.feed for feed in feeds if feed.scope == AUTHORISED]
    found = _families(requests, authorised, permitted)
    keys = {key for family in found for subject in family.subjects for key in subject.keys}
    seen = evidence(feeds, sorted(keys))
    facts, obliged = given_facts(rulebook), _obliged(rulebook, requests, found)
    return [_case(rulebook, family, facts, seen, own) for family, own in zip(found, obliged, strict=True)]


def _families(requests: Sequence[CaseRequest], authorised: Sequence[str], permitted: Permitted | None) -> list[Family]:
    """One read of the registry for each day asked for."""
    found: dict[CaseRequest, Family] = {}
    for day, permits_on in sorted({(item.as_of, item.permits_on) for item in requests}):
        asked = list(dict.fromkeys(i for i in requests if (i.as_of, i.permits_on) == (day, permits_on)))
        for batch in _one_application_each(asked):
            named = {item.unit: item.application for item in batch if item.application}
            units = [item.unit for item in batch]
            read = families(units, day, authorised, applications=named, permitted=permitted, permits_on=permits_on)
            found.update(zip(batch, read, strict=True))
    return [found[item] for item in requests]


def _one_application_each(asked: Sequence[CaseRequest]) -> list[list[CaseRequest]]:
    """A unit with two applications on one day is read twice, because its declarations differ."""
    batches: list[dict[uuid.UUID, CaseRequest]] = [{}]
    for item in asked:
        batch = next((one for one in batches if item.unit not in one), None)
        if batch is None:
            batch = {}
            batches.append(batch)
        batch[item.unit] = item
    return [list(batch.values()) for batch in batches]


def _obliged(rulebook: Rulebook, requests: Sequence[CaseRequest], found: Sequence[Family]) -> list[Obliged]:
    """Rows of those obliged to support somebody, as declared in the application of each family."""
    if RELATION not in rulebook.records:
        return [{} for _family in found]
    kinds = {name: column.kind for name, column in rulebook.records[RELATION].columns.items()}
    asking = [
        [(one.person.id, item.application) for one in f.subjects] for item, f in zip(requests, found, strict=True)
    ]
    days: dict[datetime.date, set[Asking]] = {}
    for family, own in zip(found, asking, strict=True):
        days.setdefault(family.as_of, set()).update(own)
    said = {day: obligors_said(sorted(wanted), day) for day, wanted in days.items()}
    return [
        {one[0]: obligor_rows(said[family.as_of][one], kinds) for one in own if one in said[family.as_of]}
        for family, own in zip(found, asking, strict=True)
    ]


def _case(
    rulebook: Rulebook,
    family: Family,
    facts: Mapping[tuple[str, str], Any],
    seen: Sequence[Evidence],
    obliged: Obliged,
) -> dict[str, Any]:
    household: dict[str, Any] = {"id": str(family.household), "area": family.area or UNKNOWN}
    if family.head:
        household["head"] = str(family.head)
    household.update(_declared(family, family.household, "household", facts))
    return {
        "as_of": family.as_of.isoformat(),
        "place": rulebook.place,
        "household": household,
        "persons": [_person(family, subject, facts, seen, obliged) for subject in family.subjects],
    }


def _person(
    family: Family,
    subject: Subject,
    facts: Mapping[tuple[str, str], Any],
    seen: Sequence[Evidence],
    obliged: Obliged,
) -> dict[str, Any]:
    person: dict[str, Any] = {"id": str(subject.person.id), "member": subject.member}
    for name, read in PERSON_FACTS.items():
        if ("person", name) in facts:
            value = read(subject)
            person[name] = UNKNOWN if value is None else value
    person.update(_declared(family, subject.person.id, "person", facts))
    answers = {item.wanted.record: item.answer(subject, family.as_of) for item in seen}
    columns = {item.wanted.record: [name for name, _kind in item.wanted.columns] for item in seen}
    person["records"] = {
        record: {"unknown": answer} if isinstance(answer, str) else [_row(row, columns[record]) for row in answer]
        for record, answer in answers.items()
    }
    if subject.person.id in obliged:
        person["records"][RELATION] = obliged[subject.person.id]
    return person


def _declared(family: Family, subject: uuid.UUID, entity: str, facts: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    """Declared facts the rulebook knows; one asked and not cleared up is not_answered, one never said is left out."""
    found: dict[str, Any] = {}
    for qualified, value in family.declared.get(subject, {}).items():
        owner, _, name = qualified.rpartition(".")
        if (entity, name) not in facts or owner not in ("", entity):
            continue
        found[name] = said(value, facts[entity, name])
    return found


def _row(row: Row, columns: Sequence[str]) -> dict[str, Any]:
    """A lake row as CASE.json has it: the rulebook's columns, where it comes from; an empty cell is unknown."""
    found: dict[str, Any] = {name: _cell(row.get(name)) for name in columns}
    found["_row"], found["_delivery"] = row["_row"], str(row["_delivery"])
    return found


def _cell(value: object) -> object:
    if value is None:
        return UNKNOWN
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value
