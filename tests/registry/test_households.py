"""Households are dated: who lived where with whom under which head can be read for any day."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Refused
from doudi.registry.access import household_for, person_for
from doudi.registry.actions import (
    add_member,
    change_head,
    form_hukou_households,
    form_unit,
    merge_households,
    move_household,
    remove_member,
    split_household,
)
from doudi.registry.logic.newcomers import NewHousehold
from doudi.registry.models import Address, Household, Membership
from doudi.registry.queries import (
    address_on,
    head_on,
    household_by_number,
    household_page,
    members,
    roll,
    screened_households,
)
from tests.registry.conftest import AT, DAY, actor_of

pytestmark = pytest.mark.django_db
Make = Callable[..., uuid.UUID]
LATER = DAY + datetime.timedelta(days=30)
VILLAGE = "990101001001"


def hukou(actor: Actor, *households: NewHousehold, on: datetime.date = DAY) -> list[uuid.UUID]:
    done = form_hukou_households(actor=actor, at=AT, households=list(households), on=on, origin="gongan_huji")
    return list(done.ids)


def people_on(household: uuid.UUID, on: datetime.date) -> list[uuid.UUID]:
    return [row.person_id for row in members(household, on)]


@pytest.fixture
def couple(person: Make) -> tuple[uuid.UUID, uuid.UUID]:
    return person("甲一", sequence=1), person("乙二", sequence=2)


def test_the_same_delivery_again_changes_nothing(actor: Actor, couple: tuple[uuid.UUID, uuid.UUID]) -> None:
    given = NewHousehold("YX1", VILLAGE, couple[0], ((couple[0], "户主"), (couple[1], "配偶")))
    hukou(actor, given)
    again = form_hukou_households(actor=actor, at=AT, households=[given], on=LATER, origin="gongan_huji")
    assert (again.created, again.changed) == (0, 0)
    assert Membership.objects.count() == 2


def test_a_later_delivery_ends_and_begins_memberships(
    actor: Actor, couple: tuple[uuid.UUID, uuid.UUID], person: Make
) -> None:
    child = person("丙三", "20200101", 1)
    (key,) = hukou(actor, NewHousehold("YX1", VILLAGE, couple[0], ((couple[0], "户主"), (couple[1], "配偶"))))
    hukou(actor, NewHousehold("YX1", "990101001002", couple[1], ((couple[1], "户主"), (child, "子女"))), on=LATER)
    assert people_on(key, DAY) == list(couple)
    assert people_on(key, LATER) == [couple[1], child]
    assert (head_on(key, DAY), head_on(key, LATER)) == couple
    assert (address_on(key, DAY), address_on(key, LATER)) == (VILLAGE, "990101001002")
    today = Household.objects.get(pk=key)
    assert (today.head_id, today.area_code) == (couple[1], "990101001002")


def test_whoever_appears_elsewhere_has_left(actor: Actor, couple: tuple[uuid.UUID, uuid.UUID]) -> None:
    one, two = hukou(
        actor,
        NewHousehold("YX1", VILLAGE, couple[0], ((couple[0], "户主"), (couple[1], "配偶"))),
        NewHousehold("YX2", VILLAGE, None, ()),
    )
    hukou(actor, NewHousehold("YX2", VILLAGE, couple[1], ((couple[1], "户主"),)), on=LATER)
    assert people_on(one, LATER) == [couple[0]]
    assert people_on(two, LATER) == [couple[1]]


def test_one_delivery_cannot_put_a_person_in_two_households(actor: Actor, couple: tuple[uuid.UUID, uuid.UUID]) -> None:
    one, two = hukou(
        actor,
        NewHousehold("YX1", VILLAGE, couple[0], ((couple[0], "户主"),)),
        NewHousehold("YX2", VILLAGE, None, ((couple[0], "子女"),)),
    )
    assert (people_on(one, DAY), people_on(two, DAY)) == ([couple[0]], [])


def test_the_head_of_a_unit_need_not_be_a_member(actor: Actor, couple: tuple[uuid.UUID, uuid.UUID]) -> None:
    unit = form_unit(
        actor=actor, at=AT, members=[(couple[1], "")], head=couple[0], area_code=VILLAGE, on=DAY, origin="SQ1"
    )
    found = roll([unit.id], DAY)
    assert found.heads[unit.id] == couple[0]
    assert list(found.outside) == [couple[0]]
    page = household_page(unit.id, DAY)
    assert page.head is not None
    assert (page.head.person_id, [line.person_id for line in page.members]) == (couple[0], [couple[1]])


def test_a_unit_without_members_is_refused(actor: Actor) -> None:
    with pytest.raises(Refused, match=r"registry\.unit_without_members"):
        form_unit(actor=actor, at=AT, members=[], head=None, area_code=VILLAGE, on=DAY, origin="SQ1")


def test_screening_takes_register_households_until_a_unit_is_formed(
    actor: Actor, couple: tuple[uuid.UUID, uuid.UUID]
) -> None:
    one, two = hukou(
        actor,
        NewHousehold("YX1", VILLAGE, couple[0], ((couple[0], "户主"),)),
        NewHousehold("YX2", VILLAGE, couple[1], ((couple[1], "户主"),)),
    )
    unit = form_unit(
        actor=actor, at=AT, members=[(couple[0], "")], head=couple[0], area_code=VILLAGE, on=LATER, origin="SQ1"
    )
    assert screened_households(DAY) == sorted([one, two])
    assert screened_households(LATER) == sorted([two, unit.id])
    assert screened_households(LATER, "990102") == []


def test_move_and_change_of_head_are_dated(actor: Actor, couple: tuple[uuid.UUID, uuid.UUID]) -> None:
    (key,) = hukou(actor, NewHousehold("YX1", VILLAGE, couple[0], ((couple[0], "户主"), (couple[1], "配偶"))))
    move_household(actor=actor, at=AT, household=key, area_code="990101002001", on=LATER, line="幸福路 1 号")
    change_head(actor=actor, at=AT, household=key, head=couple[1], on=LATER, reason="户主去世")
    assert (address_on(key, DAY), address_on(key, LATER)) == (VILLAGE, "990101002001")
    assert (head_on(key, DAY), head_on(key, LATER)) == couple
    line = Address.objects.get(household=key, to_on__isnull=True).line_enc
    assert "幸福路".encode() not in bytes(line or b"")


def test_a_register_household_is_headed_by_a_member(actor: Actor, couple: tuple[uuid.UUID, uuid.UUID]) -> None:
    (key,) = hukou(actor, NewHousehold("YX1", VILLAGE, couple[0], ((couple[0], "户主"),)))
    with pytest.raises(Refused, match=r"registry\.head_not_member"):
        change_head(actor=actor, at=AT, household=key, head=couple[1], on=LATER, reason="")


def test_members_join_and_leave(actor: Actor, couple: tuple[uuid.UUID, uuid.UUID]) -> None:
    unit = form_unit(
        actor=actor, at=AT, members=[(couple[0], "")], head=couple[0], area_code=VILLAGE, on=DAY, origin="SQ1"
    )
    add_member(actor=actor, at=AT, household=unit.id, person=couple[1], relation="配偶", on=LATER)
    with pytest.raises(Refused, match=r"registry\.already_member"):
        add_member(actor=actor, at=AT, household=unit.id, person=couple[1], relation="配偶", on=LATER)
    remove_member(actor=actor, at=AT, household=unit.id, person=couple[1], on=LATER + datetime.timedelta(1), reason="")
    assert people_on(unit.id, LATER) == list(couple)
    assert people_on(unit.id, LATER + datetime.timedelta(1)) == [couple[0]]
    with pytest.raises(Refused, match=r"registry\.not_member"):
        remove_member(actor=actor, at=AT, household=unit.id, person=couple[1], on=LATER, reason="")


def test_split_and_merge_keep_the_past(actor: Actor, couple: tuple[uuid.UUID, uuid.UUID]) -> None:
    (key,) = hukou(actor, NewHousehold("YX1", VILLAGE, couple[0], ((couple[0], "户主"), (couple[1], "子女"))))
    with pytest.raises(Refused, match=r"registry\.split_takes_head"):
        split_household(actor=actor, at=AT, household=key, leaving=[couple[0]], head=couple[0], on=LATER, reason="")
    new = split_household(
        actor=actor, at=AT, household=key, leaving=[couple[1]], head=couple[1], on=LATER, reason="分户", number="YX9"
    )
    assert (people_on(key, DAY), people_on(key, LATER), people_on(new.id, LATER)) == (
        list(couple),
        [couple[0]],
        [couple[1]],
    )
    assert household_by_number("YX9") == new
    again = LATER + datetime.timedelta(30)
    merge_households(actor=actor, at=AT, kept=key, ended=new.id, on=again, reason="并户")
    assert (people_on(new.id, LATER), people_on(new.id, again), people_on(key, again)) == (
        [couple[1]],
        [],
        list(couple),
    )
    ended = Household.objects.get(pk=new.id)
    assert (ended.ended_on, ended.succeeded_by_id) == (again, key)
    with pytest.raises(Refused, match=r"registry\.household_ended"):
        add_member(actor=actor, at=AT, household=new.id, person=couple[0], relation="", on=again)


def test_the_database_refuses_two_register_households_for_one_person(
    actor: Actor, couple: tuple[uuid.UUID, uuid.UUID]
) -> None:
    one, two = hukou(
        actor, NewHousehold("YX1", VILLAGE, couple[0], ((couple[0], "户主"),)), NewHousehold("YX2", VILLAGE, None, ())
    )
    assert one != two
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(household_id=two, person_id=couple[0], kind="hukou", from_on=DAY)


def test_a_household_elsewhere_and_an_unknown_one_get_the_same_answer(
    actor: Actor, couple: tuple[uuid.UUID, uuid.UUID]
) -> None:
    (key,) = hukou(actor, NewHousehold("YX1", VILLAGE, couple[0], ((couple[0], "户主"),)))
    assert household_for(actor, key).id == key
    with pytest.raises(Forbidden, match="household_elsewhere"):
        household_for(actor_of("990101002"), key)
    with pytest.raises(Forbidden, match="person_elsewhere"):
        person_for(actor_of("990101002"), couple[0])
    with pytest.raises(Forbidden, match="household_elsewhere"):
        household_for(actor, uuid.uuid4())
