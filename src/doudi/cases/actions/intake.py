"""Entering applications: people, unit, declarations and authorisations written together; many at once for an import."""

from __future__ import annotations

import datetime
import json
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.cases.actions.moving import allowed, course_row
from doudi.cases.logic.entries import NewApplication, Placed, RegisterView, as_text, place_unit
from doudi.cases.models import Application, CourseStep, NumberSeries
from doudi.cases.queries.beyond import known_numbers
from doudi.cases.queries.register import Register, register_of
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Refused
from doudi.registry.actions import form_units, record_declarations, register_people, register_unnumbered
from doudi.registry.logic.newcomers import NewDeclaration, NewHousehold, NewPerson
from doudi.registry.queries import Registered, registered_as
from doudi.verification.actions import Signatures, sign_many

ORIGIN = "application"


def enter_application(*, actor: Actor, at: datetime.datetime, entry: NewApplication) -> Application:
    """Enter one application. An empty number gets the next one of its county and year."""
    return enter_applications(actor=actor, at=at, entries=[entry])[0]


@transaction.atomic
def enter_applications(*, actor: Actor, at: datetime.datetime, entries: Sequence[NewApplication]) -> list[Application]:
    """Enter applications in the order given: all or none. One audit entry with count and digest.

    Whoever is named and not yet known is registered by number alone. Head and area of the unit are those the register
    has for the household named; where it knows none or disagrees they stay unknown and `problems` says so.
    """
    allowed(actor, "enter")
    _check(entries)
    people = _people(actor, at, entries)
    unnumbered = _unnumbered(actor, at, entries)
    register = register_of({e.household_number for e in entries if e.household_number}, {p.id for p in people.values()})
    views = [register.view(entry.household_number, entry.applied_on) for entry in entries]
    placed = [
        _placed(entry, view, people, register, unnumbered[place])
        for place, (entry, view) in enumerate(zip(entries, views, strict=True))
    ]
    areas = [_area(actor, entry, unit, people) for entry, unit in zip(entries, placed, strict=True)]
    entries = [
        entry if entry.number else replace(entry, number=_next_number(area, entry.applied_on.year))
        for entry, area in zip(entries, areas, strict=True)
    ]
    units = _form_units(actor, at, entries, placed, areas)
    made = [
        Application(
            number=entry.number,
            applied_on=entry.applied_on,
            household_id=unit,
            register_household_id=view.household if view else None,
            applicant_id=people[entry.applicant].id if entry.applicant else place.members[0][0],
            area_code=area,
            problems=[*place.problems, *(["cases.signer_no_member"] if set(entry.signed) - set(entry.members) else [])],
            entered_by=actor.account_id,
            entered_at=at,
        )
        for entry, unit, view, place, area in zip(entries, units, views, placed, areas, strict=True)
    ]
    steps = [course_row(row, "enter", actor, at, row.applied_on) for row in made]
    Application.objects.bulk_create(made)
    CourseStep.objects.bulk_create(steps)
    _declare(actor, at, entries, made)
    _sign(actor, at, entries, made, people)
    record_act(
        actor=actor,
        verb="cases.enter_applications",
        subjects=[("application", row.id) for row in made] if len(made) <= 10 else [],
        at=at,
        count=len(made),
        digest=digest_of(made),
    )
    return made


def digest_of(rows: Sequence[Application]) -> str:
    """Digest of which applications a batch touched, in order."""
    return sha256(json.dumps([str(row.id) for row in rows]).encode()).hexdigest()


def _check(entries: Sequence[NewApplication]) -> None:
    if any(not entry.members and not entry.unnumbered for entry in entries):
        raise Malformed("cases.no_members", _("共同生活的家庭成员至少要有一人。请填写后再提交。"))
    numbers = [entry.number for entry in entries if entry.number]
    taken = known_numbers(numbers)
    if taken or len(set(numbers)) != len(numbers):
        first = min(taken, default="")
        raise Refused("cases.number_taken", _("申请编号已经用过，每份申请要有自己的编号。"), number=first)


def _people(actor: Actor, at: datetime.datetime, entries: Sequence[NewApplication]) -> dict[str, Registered]:
    """Everybody named, by number, wherever registered; the unknown are registered."""
    numbers = list(dict.fromkeys(n for e in entries for n in (e.applicant, *e.members, *e.signed) if n))
    known = registered_as(numbers)
    unknown = [number for number in numbers if number not in known]
    if unknown:
        register_people(actor=actor, at=at, people=[NewPerson(number) for number in unknown], origin=ORIGIN)
        known.update(registered_as(unknown))
    return known


def _unnumbered(actor: Actor, at: datetime.datetime, entries: Sequence[NewApplication]) -> list[tuple[uuid.UUID, ...]]:
    """Persons without a number, for each entry as many as it says."""
    wanted = sum(entry.unnumbered for entry in entries)
    made = iter(register_unnumbered(actor=actor, at=at, count=wanted, origin=ORIGIN) if wanted else [])
    return [tuple(islice(made, entry.unnumbered)) for entry in entries]


def _placed(
    entry: NewApplication,
    view: RegisterView | None,
    people: dict[str, Registered],
    register: Register,
    unnumbered: tuple[uuid.UUID, ...],
) -> Placed:
    members = (*dict.fromkeys(people[number].id for number in entry.members), *unnumbered)
    elsewhere = register.elsewhere(members, view.household if view else None, entry.applied_on)
    return place_unit(members, view, elsewhere, named=bool(entry.household_number))


def _area(actor: Actor, entry: NewApplication, unit: Placed, people: dict[str, Registered]) -> str:
    """Whose staff handle it: the head's area, else the applicant's, else that of whoever enters it."""
    applicant = people.get(entry.applicant)
    area = unit.area_code or (applicant.area_code if applicant else "") or actor.area
    if not actor.covers(area):
        raise Forbidden(
            "cases.area_elsewhere", _("户主的户籍地址不在您的辖区，不能在这里登记。请转所在乡镇（街道）受理。")
        )
    return area


def _next_number(area: str, year: int) -> str:
    county = area[:6]
    series, _new = NumberSeries.objects.select_for_update().get_or_create(area_code=county, year=year)
    while True:
        series.last += 1
        number = f"SQ{county}-{year}-{series.last:05d}"
        if not known_numbers([number]):
            series.save(update_fields=["last"])
            return number


def _form_units(
    actor: Actor,
    at: datetime.datetime,
    entries: Sequence[NewApplication],
    placed: Sequence[Placed],
    areas: Sequence[str],
) -> list[uuid.UUID]:
    """The units in the order of the entries; formed day by day, because a unit exists from the day of application."""
    by_day: dict[datetime.date, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        by_day[entry.applied_on].append(place)
    units: dict[int, uuid.UUID] = {}
    for day, places in by_day.items():
        given = [
            NewHousehold(entries[i].number, placed[i].area_code, placed[i].head, placed[i].members, areas[i])
            for i in places
        ]
        formed = form_units(actor=actor, at=at, units=given, on=day, origin=ORIGIN)
        units.update(zip(places, formed.ids, strict=True))
    return [units[place] for place in range(len(entries))]


def _declare(
    actor: Actor, at: datetime.datetime, entries: Sequence[NewApplication], made: Sequence[Application]
) -> None:
    said = [
        NewDeclaration(
            fact=fact,
            value=as_text(value),
            said_on=entry.applied_on,
            household=row.household_id,
            said_by=row.applicant_id,
            application=entry.number,
        )
        for entry, row in zip(entries, made, strict=True)
        for fact, value in entry.declared.items()
    ]
    if said:
        record_declarations(actor=actor, at=at, declarations=said)


def _sign(
    actor: Actor,
    at: datetime.datetime,
    entries: Sequence[NewApplication],
    made: Sequence[Application],
    people: dict[str, Registered],
) -> None:
    """Only members sign; whoever else is named is told in `problems`."""
    signatures = []
    for entry, row in zip(entries, made, strict=True):
        signers = [number for number in dict.fromkeys(entry.signed) if number in entry.members]
        if signers:
            signed = {people[number].id: entry.applied_on for number in signers}
            signatures.append(Signatures(row.household_id, signed, application=entry.number))
    if signatures:
        sign_many(actor=actor, at=at, signatures=signatures)
