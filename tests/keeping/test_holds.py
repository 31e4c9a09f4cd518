"""Holds: who may place one, what is held with it, the pages; and the page everybody may read."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Missing, Refused
from doudi.core.row_context import WiderContext, acting
from doudi.keeping.actions import lift_hold, place_hold
from doudi.keeping.models import Hold
from doudi.keeping.queries import held
from doudi.registry.models import Household, Membership
from tests.cases.conftest import AT, HEAD, staff
from tests.cases.signing_in import signed_in
from tests.desk.conftest import Family

pytestmark = pytest.mark.django_db


def test_everybody_can_read_what_is_kept_in_both_languages() -> None:
    client = Client()
    chinese = client.get(reverse("keeping:kept"))
    assert chinese.status_code == 200 and "记了什么，记多久" in chinese.content.decode()
    client.cookies["django_language"] = "en"
    english = client.get(reverse("keeping:kept")).content.decode()
    assert "What is kept, and for how long" in english and "5 years from" in english


def test_a_hold_is_placed_and_lifted_with_reasons_and_on_record(family: Family) -> None:
    leader, subject = staff("county_leader", "990101"), family("张三").head_id
    made = place_hold(actor=leader, at=AT, kind="person", subject=subject, reason="行政复议")
    with pytest.raises(Refused):
        place_hold(actor=leader, at=AT, kind="person", subject=subject, reason="又一次")
    assert ("person", str(subject)) in held()
    lift_hold(actor=leader, at=AT, hold=made.id, reason="已结束")
    assert held() == frozenset()
    with pytest.raises(Refused):
        lift_hold(actor=leader, at=AT, hold=made.id, reason="再解除")


def test_a_hold_needs_a_right_a_reason_and_a_kind() -> None:
    with pytest.raises(Forbidden):
        place_hold(actor=staff("handler"), at=AT, kind="person", subject=uuid.uuid4(), reason="x")
    for kind, reason in (("person", " "), ("person", "长" * 501), ("village", "理由")):
        with pytest.raises(Malformed):
            place_hold(actor=staff("auditor", "99"), at=AT, kind=kind, subject=uuid.uuid4(), reason=reason)


def test_a_reason_with_an_identity_number_in_it_is_refused(family: Family) -> None:
    own = family("张三").head_id
    with pytest.raises(Refused) as error:
        place_hold(actor=staff("auditor", "99"), at=AT, kind="person", subject=own, reason=f"{HEAD} 复议")
    assert error.value.code == "audit.number_in_reason"
    assert not Hold.objects.exists()


def test_with_a_household_its_people_are_held(family: Family) -> None:
    household: Household = family("张三")
    place_hold(actor=staff("auditor", "99"), at=AT, kind="household", subject=household.id, reason="审计")
    people = Membership.objects.filter(household=household).values_list("person_id", flat=True)
    assert {("person", str(one)) for one in people} < held()


def test_the_page_of_holds_places_and_lifts(family: Family) -> None:
    household = family("张三")
    client, _actor = signed_in("county_leader", "990101")
    answer = client.post(
        reverse("keeping:holds"), {"kind": "household", "subject": str(household.id), "reason": "行政诉讼"}
    )
    assert answer.status_code == 302
    text = client.get(reverse("keeping:holds")).content.decode()
    assert "行政诉讼" in text and "暂停中" in text
    hold = Hold.objects.get()
    client.post(reverse("keeping:lift", args=[hold.id]), {"reason": "判决生效"})
    assert "判决生效" in client.get(reverse("keeping:holds")).content.decode()
    again = client.post(reverse("keeping:holds"), {"kind": "household", "subject": "x", "reason": ""})
    assert again.status_code == 200 and "这不是系统内部编号" in again.content.decode()
    other, _actor = signed_in("handler")
    assert other.get(reverse("keeping:holds")).status_code == 403


def test_another_county_neither_sees_lifts_nor_places_a_hold_here(family: Family) -> None:
    household = family("张三")
    made = place_hold(
        actor=staff("county_leader", "990101"), at=AT, kind="household", subject=household.id, reason="行政诉讼"
    )
    elsewhere, actor = signed_in("county_leader", "990102")
    assert "行政诉讼" not in elsewhere.get(reverse("keeping:holds")).content.decode()
    for leader in (actor, staff("county_leader", "990102")):
        with pytest.raises(Missing):
            lift_hold(actor=leader, at=AT, hold=made.id, reason="不该")
        with pytest.raises(Missing):
            place_hold(actor=leader, at=AT, kind="household", subject=household.id, reason="不该")
    assert elsewhere.post(reverse("keeping:lift", args=[made.id]), {"reason": "不该"}).status_code == 404
    assert Hold.objects.get().lifted_at is None
    with acting(actor):
        assert not Hold.objects.exists(), "nor does the database show it"


@pytest.mark.parametrize("area", ["99", "990101"])
def test_what_an_auditor_holds_only_an_auditor_lets_go(family: Family, area: str) -> None:
    household, leader = family("张三"), staff("county_leader", "990101")
    audits = place_hold(actor=staff("auditor", area), at=AT, kind="household", subject=household.id, reason="审计")
    with pytest.raises((Missing, Forbidden)):
        lift_hold(actor=leader, at=AT, hold=audits.id, reason="不该")
    own = place_hold(actor=leader, at=AT, kind="household", subject=household.id, reason="复议")
    client, _actor = signed_in("county_leader", "990101")
    text = client.get(reverse("keeping:holds")).content.decode()
    assert text.count("/lift/") == 1 and ("由审计解除" in text) == (area == "990101")
    lift_hold(actor=leader, at=AT, hold=own.id, reason="已结束")
    assert ("household", str(household.id)) in held(), "the auditor's stands"
    lift_hold(actor=staff("auditor", area), at=AT, hold=audits.id, reason="审计已结束")
    assert held() == frozenset()


def test_who_sees_one_area_does_not_decide_what_is_free_of_holds() -> None:
    with acting(staff("county_leader", "990101")), pytest.raises(WiderContext):
        held()
    with acting(Actor.system()):
        assert held() == frozenset()


@pytest.mark.parametrize("statement", ["DELETE FROM keeping_hold", "UPDATE keeping_hold SET subject = placed_by::uuid"])
def test_a_hold_is_neither_removed_nor_turned_to_somebody_else(family: Family, statement: str) -> None:
    place_hold(actor=staff("auditor", "99"), at=AT, kind="person", subject=family("张三").head_id, reason="审计")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Hold.objects.get().lifted_at is None
