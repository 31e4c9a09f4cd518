"""Somebody is found by name, part of it, pinyin, initials, number, household; only within the area of the grant."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from doudi.core.actor import Actor
from doudi.registry.actions import form_hukou_households
from doudi.registry.logic.newcomers import NewHousehold
from doudi.registry.queries import search
from tests.registry.conftest import AT, DAY, actor_of, number

pytestmark = pytest.mark.django_db
Make = Callable[..., uuid.UUID]


@pytest.fixture
def family(actor: Actor, person: Make) -> tuple[uuid.UUID, uuid.UUID]:
    one, two = person("曾小丽", sequence=1), person("次仁．多吉", "19790101", 1)
    given = NewHousehold("YX000001", "990101001001", one, ((one, "户主"), (two, "配偶")))
    form_hukou_households(actor=actor, at=AT, households=[given], on=DAY, origin="gongan_huji")
    return one, two


def test_by_every_way_a_name_is_typed(actor: Actor, family: tuple[uuid.UUID, uuid.UUID]) -> None:
    one, two = family
    for text in ("曾小丽", "小丽", "丽", "zengxiaoli", "zengx", "ZXL", "cxl", "曾 小丽"):
        assert [hit.person_id for hit in search(text, actor)] == [one], text
    for text in ("次仁·多吉", "次仁•多吉", "多吉", "cirenduoji", "crdj"):
        assert [hit.person_id for hit in search(text, actor)] == [two], text


def test_by_number_however_written(actor: Actor, family: tuple[uuid.UUID, uuid.UUID]) -> None:
    plain = number("19800101", 1)
    for text in (plain, f" {plain.lower()} ", plain[:6] + plain[8:17]):
        assert [hit.person_id for hit in search(text, actor)] == [family[0]], text


def test_by_household_number_all_its_people(actor: Actor, family: tuple[uuid.UUID, uuid.UUID]) -> None:
    hits = search("yx000001", actor)
    assert {hit.person_id for hit in hits} == set(family)
    assert {ref.number for hit in hits for ref in hit.households} == {"YX000001"}


def test_nobody_outside_the_area_is_found(family: tuple[uuid.UUID, uuid.UUID]) -> None:
    assert len(search("曾小丽", actor_of("990101001"))) == 1
    assert len(search("曾小丽", Actor.system())) == 1
    for text in ("曾小丽", "zxl", number("19800101", 1), "YX000001"):
        assert search(text, actor_of("990101002")) == [], text


def test_nothing_is_found_for_nothing_or_a_stranger(actor: Actor, family: tuple[uuid.UUID, uuid.UUID]) -> None:
    for text in ("", "  ", "·", "!!", "丽小", "张三", "19800101", "%", "_", "'"):
        assert search(text, actor) == [], text


def test_a_hit_shows_no_full_number(actor: Actor, family: tuple[uuid.UUID, uuid.UUID]) -> None:
    assert number("19800101", 1) not in repr(search("曾小丽", actor))
