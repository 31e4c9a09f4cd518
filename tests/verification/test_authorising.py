"""Authorisations: they open the sources that need one, and close them again."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from doudi.audit.models import Entry
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Refused
from doudi.matching.queries.permits import permitted_keys
from doudi.sources.models import Permit
from doudi.verification.actions import sign_authorisations, withdraw_authorisation
from doudi.verification.models import Authorisation, Check
from doudi.verification.queries import authorisations_of, signed_on
from tests.registry.conftest import actor_of
from tests.verification.conftest import AT, BANK, DAY, WAGES, Family

pytestmark = pytest.mark.django_db
LATER = DAY + datetime.timedelta(days=10)


def entries(verb: str) -> list[Entry]:
    return list(Entry.objects.filter(verb=verb))


def the_authorisation(family: Family, person: uuid.UUID) -> Authorisation:
    return Authorisation.objects.get(household_id=family.unit, person_id=person)


def test_a_signature_opens_every_source_that_needs_one(family: Family) -> None:
    family.sign(family.son)
    key = family.keys[family.son]
    opened = Permit.objects.filter(person_key=key)
    assert {permit.feed for permit in opened} == {WAGES, BANK}
    assert {(permit.from_on, permit.to_on) for permit in opened} == {(DAY, None)}
    assert permitted_keys(BANK, list(family.keys.values()), DAY) == {key}


def test_it_holds_from_the_day_of_signature_to_its_last_day(actor: Actor, family: Family) -> None:
    sign_authorisations(actor=actor, at=AT, household=family.unit, signed={family.son: DAY}, to_on=LATER)
    key = family.keys[family.son]
    day = datetime.timedelta(days=1)
    held = [permitted_keys(BANK, [key], on) == {key} for on in (DAY - day, DAY, LATER, LATER + day)]
    assert held == [False, True, True, False]
    assert [signed_on([family.son], on) == {family.son} for on in (DAY - day, DAY, LATER, LATER + day)] == held


def test_the_same_signature_recorded_twice_is_one(actor: Actor, family: Family) -> None:
    first = sign_authorisations(actor=actor, at=AT, household=family.unit, signed={family.son: DAY}, application="A1")
    again = sign_authorisations(actor=actor, at=AT, household=family.unit, signed={family.son: DAY}, application="A1")
    assert [row.pk for row in first] == [row.pk for row in again]
    assert Authorisation.objects.count() == 1


def test_only_members_sign_for_a_household(actor: Actor, family: Family, person: Callable[..., uuid.UUID]) -> None:
    stranger = person("外人", "19800101", 7)
    with pytest.raises(Refused) as caught:
        sign_authorisations(actor=actor, at=AT, household=family.unit, signed={stranger: DAY})
    assert caught.value.code == "verification.not_a_member"
    assert not Permit.objects.exists()


def test_it_cannot_end_before_it_is_signed(actor: Actor, family: Family) -> None:
    before = DAY - datetime.timedelta(days=1)
    with pytest.raises(Refused) as caught:
        sign_authorisations(actor=actor, at=AT, household=family.unit, signed={family.son: DAY}, to_on=before)
    assert caught.value.code == "verification.ends_before_signed"


def test_a_withdrawn_authorisation_closes_its_permits_from_that_day(actor: Actor, family: Family) -> None:
    family.sign(family.son)
    held = the_authorisation(family, family.son)
    withdraw_authorisation(actor=actor, at=AT, authorisation=held.pk, on=LATER, reason="本人要求")
    key = family.keys[family.son]
    assert permitted_keys(BANK, [key], LATER - datetime.timedelta(days=1)) == {key}
    assert permitted_keys(BANK, [key], LATER) == set()
    assert permitted_keys(WAGES, [key], LATER) == set()
    assert signed_on([family.son], LATER) == set()


def test_a_check_after_the_withdrawal_is_not_permitted(
    actor: Actor, family: Family, check_of: Callable[..., Check]
) -> None:
    family.sign()
    withdraw_authorisation(
        actor=actor, at=AT, authorisation=the_authorisation(family, family.son).pk, on=DAY, reason="本人要求"
    )
    answers = check_of(family).answers.filter(feed__in=[WAGES, BANK])
    assert {row.state for row in answers.filter(person=family.son)} == {"not_permitted"}
    assert "not_permitted" not in {row.state for row in answers.exclude(person=family.son)}


def test_withdrawing_one_leaves_what_another_allows(actor: Actor, family: Family) -> None:
    family.sign(family.son)
    sign_authorisations(
        actor=actor, at=AT, household=family.unit, signed={family.son: DAY}, to_on=LATER, application="A2"
    )
    first = Authorisation.objects.get(application="")
    withdraw_authorisation(actor=actor, at=AT, authorisation=first.pk, on=DAY, reason="重签")
    key = family.keys[family.son]
    assert permitted_keys(BANK, [key], DAY) == {key}
    assert permitted_keys(BANK, [key], LATER + datetime.timedelta(days=1)) == set()


@pytest.mark.parametrize(
    ("on", "reason", "code"),
    [
        (DAY, " ", "verification.reason_missing"),
        (DAY - datetime.timedelta(days=1), "错", "verification.withdrawn_before_signed"),
    ],
)
def test_a_withdrawal_needs_a_reason_and_a_day_it_can_have(
    actor: Actor, family: Family, on: datetime.date, reason: str, code: str
) -> None:
    family.sign(family.son)
    with pytest.raises(Refused) as caught:
        withdraw_authorisation(
            actor=actor, at=AT, authorisation=the_authorisation(family, family.son).pk, on=on, reason=reason
        )
    assert caught.value.code == code


def test_it_is_withdrawn_once(actor: Actor, family: Family) -> None:
    family.sign(family.son)
    held = the_authorisation(family, family.son)
    withdraw_authorisation(actor=actor, at=AT, authorisation=held.pk, on=DAY, reason="本人要求")
    with pytest.raises(Refused) as caught:
        withdraw_authorisation(actor=actor, at=AT, authorisation=held.pk, on=DAY, reason="本人要求")
    assert caught.value.code == "verification.already_withdrawn"


@pytest.mark.parametrize(
    ("role", "area"), [("reviewer", "990101"), ("verification_officer", "990101"), ("registrar", "990101002")]
)
def test_who_has_no_business_with_it_is_forbidden(family: Family, role: str, area: str) -> None:
    with pytest.raises(Forbidden):
        sign_authorisations(actor=actor_of(area, role), at=AT, household=family.unit, signed={family.son: DAY})
    assert not Authorisation.objects.exists()


def test_an_unknown_authorisation_is_refused_like_one_elsewhere(actor: Actor, family: Family) -> None:
    with pytest.raises(Forbidden, match=r"verification\.elsewhere"):
        withdraw_authorisation(actor=actor, at=AT, authorisation=uuid.uuid4(), on=DAY, reason="x")


def test_each_act_leaves_one_entry_of_its_own(actor: Actor, family: Family) -> None:
    family.sign()
    (signed,) = entries("verification.sign_authorisations")
    assert (signed.count, signed.outcome, signed.account_id) == (2, "done", actor.account_id)
    withdraw_authorisation(
        actor=actor, at=AT, authorisation=the_authorisation(family, family.son).pk, on=DAY, reason="本人要求"
    )
    (withdrawn,) = entries("verification.withdraw_authorisation")
    assert withdrawn.reason == "本人要求"


def test_the_household_shows_who_has_signed_and_that_children_need_not(family: Family) -> None:
    family.sign(family.mother)
    lines = {line.person: line for line in authorisations_of(family.unit, DAY)}
    assert lines[family.mother].standing is not None
    assert lines[family.son].standing is None and not lines[family.son].is_minor
    assert lines[family.child].is_minor


@pytest.mark.parametrize(
    "wrong",
    [
        {"to_on": DAY - datetime.timedelta(days=1)},
        {"withdrawn_on": DAY, "withdrawn_reason": "x"},
        {"withdrawn_on": DAY, "withdrawn_at": AT},
        {"withdrawn_on": DAY - datetime.timedelta(days=1), "withdrawn_at": AT, "withdrawn_reason": "x"},
    ],
)
def test_the_database_keeps_authorisations_whole(family: Family, wrong: dict[str, object]) -> None:
    base = {
        "household_id": family.unit,
        "person_id": family.son,
        "signed_on": DAY,
        "recorded_by": "a",
        "recorded_at": AT,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Authorisation.objects.create(**base | wrong)
