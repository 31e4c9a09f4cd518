"""Two records that are one person: a hold on either keeps both, and who looked at either looked at that person."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from doudi.audit.actions import record_look
from doudi.audit.queries import entries
from doudi.core.actor import Actor
from doudi.core.row_context import acting
from doudi.keeping.actions import answer_note, lift_hold, note_correction, place_hold
from doudi.keeping.queries import held, notes_of, who_looked
from doudi.registry.actions import merge_persons, register_people, rename_person
from doudi.registry.copies import register_sections
from doudi.registry.logic.newcomers import NewPerson
from doudi.registry.models import Person
from doudi.registry.queries import same_persons
from tests.cases.conftest import APPLIED, AT, ELSEWHERE, staff
from tests.desk.conftest import Family
from tests.registry.conftest import number

pytestmark = pytest.mark.django_db
Merged = tuple[uuid.UUID, uuid.UUID]


@pytest.fixture
def records(family: Family) -> Merged:
    """Somebody's record with a family, and a second one of theirs from another township."""
    kept = family("张三").head_id
    born = Person.objects.get(pk=kept).born_on
    double = number(f"{born:%Y%m%d}", 77)
    people = [NewPerson(double, "张参", area_code=ELSEWHERE)]
    return kept, register_people(actor=Actor.system(), at=AT, people=people).ids[double]


@pytest.fixture
def merged(records: Merged) -> Callable[[], None]:
    def merge() -> None:
        merge_persons(actor=Actor.system(), at=AT, kept=records[0], duplicate=records[1], reason="同一人")

    return merge


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("is_held_first", [True, False])
def test_a_hold_on_either_keeps_both_and_the_family(
    records: Merged, merged: Callable[[], None], which: int, is_held_first: bool
) -> None:
    auditor, both = staff("auditor", "99"), {("person", str(one)) for one in records}
    if not is_held_first:
        merged()
    hold = place_hold(actor=auditor, at=AT, kind="person", subject=records[which], reason="审计")
    if is_held_first:
        assert len(both & held()) == 1, "two people as long as nobody says otherwise"
        merged()
    found = held()
    assert both < found and any(kind == "household" for kind, _own in found)
    Person.objects.filter(pk=records[1]).update(merged_into=None)
    assert both & held() == {("person", str(records[which]))}, "parted again, each has its own hold"
    lift_hold(actor=auditor, at=AT, hold=hold.id, reason="已结束")
    assert held() == frozenset()


def test_a_hold_on_a_household_keeps_the_records_merged_away(records: Merged, merged: Callable[[], None]) -> None:
    merged()
    household = next(iter(own for kind, own in _held_with(records[0]) if kind == "household"))
    place_hold(actor=staff("auditor", "99"), at=AT, kind="household", subject=uuid.UUID(household), reason="审计")
    assert {("person", str(one)) for one in records} < held()


def _held_with(person: uuid.UUID) -> list[tuple[str, str]]:
    from doudi.keeping.logic.duties import held_with

    return list(held_with.collect([("person", str(person))]))


def test_merged_twice_over_is_still_one_person(records: Merged, merged: Callable[[], None]) -> None:
    merged()
    born = Person.objects.get(pk=records[0]).born_on
    third = number(f"{born:%Y%m%d}", 79)
    last = register_people(actor=Actor.system(), at=AT, people=[NewPerson(third, "张叁", area_code=ELSEWHERE)]).ids[
        third
    ]
    merge_persons(actor=Actor.system(), at=AT, kept=last, duplicate=records[0], reason="同一人")
    assert same_persons([records[1]]) == same_persons([last]) == {*records, last}


def test_who_looked_at_the_record_merged_away_looked_at_this_person(
    records: Merged, merged: Callable[[], None]
) -> None:
    look = {"verb": "desk.open_copy", "at": AT}
    for person in records:
        record_look(actor=staff("handler"), subjects=[("person", person)], **look)
    merged()
    with acting(staff("registrar")):
        told = [one for one in who_looked(records[0]) if one.role == "handler"]
    assert len(told) == 2
    for person in records:
        assert entries(subject=str(person), verb="desk.open_copy").count() == 2, "nor is it lost to the auditor"
    assert not entries(subject="x").exists()


def test_former_names_and_corrections_come_along(records: Merged, merged: Callable[[], None]) -> None:
    kept, double = records
    rename_person(actor=Actor.system(), at=AT, person=double, name="张叁", on=APPLIED, reason="更正")
    clerk = staff("registrar")
    note = note_correction(actor=clerk, at=AT, person=double, area="990101001", about="姓名", said="应为张三")
    merged()
    assert [told[0].id for told in notes_of(kept)] == [note.id]
    answer_note(actor=clerk, at=AT, person=kept, note=note.id, answer="已更正")
    told = [line.content for section in register_sections(kept, APPLIED, {}) for line in section.lines]
    assert "张参" in told
