"""A member of two open applications: a warning to who may see it, never a refusal; the register leads to the checks."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.urls import reverse

from doudi.cases.actions import accept_application, assess, verify_application
from doudi.cases.models import Application
from doudi.cases.queries.doubles import doubles_of
from doudi.core.actor import Actor
from doudi.registry.models import Household, Membership
from doudi.verification.panels import Checked, verification_panels
from doudi.verification.queries import latest_check
from tests.cases.conftest import APPLIED, AT, HEAD, SON, WIFE, County, staff
from tests.cases.signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice(entered: Callable[..., Application]) -> tuple[Application, Application]:
    """The family, and the wife once more with the son."""
    first = entered(number="SQ202600001")
    return first, entered(number="SQ202600002", applicant=WIFE, members=(WIFE, SON), signed=(WIFE,))


def test_both_applications_name_the_other_and_whom_they_share(
    twice: tuple[Application, Application], handler: Actor
) -> None:
    first, second = twice
    for one, other in ((first, second), (second, first)):
        found = doubles_of(one, handler, "zh")
        assert [(line.application, line.number, line.names) for line in found] == [
            (other.id, other.number, "王秀英、李小明")
        ]


def test_it_is_a_warning_on_the_page_and_keeps_nobody_from_going_on(
    twice: tuple[Application, Application], handler: Actor
) -> None:
    first, second = twice
    client, _actor = signed_in("handler")
    text = client.get(reverse("cases:application", args=[second.id])).content.decode()
    assert first.number in text and "另一份没办完的申请" in text and "王秀英" in text
    made = accept_application(actor=handler, at=AT, application=second.id, on=APPLIED)
    assert made.state == "accepted"
    english, _actor = signed_in("handler", language="en")
    assert "also in another application" in english.get(reverse("cases:application", args=[second.id])).content.decode()


def test_the_proposal_warns_too(twice: tuple[Application, Application], handler: Actor, county: County) -> None:
    first, second = twice
    accept_application(actor=handler, at=AT, application=second.id, on=APPLIED)
    verify_application(actor=handler, at=AT, application=second.id, rulebook=county.rulebook)
    assess(actor=handler, at=AT, application=second.id, rulebook=county.rulebook)
    client, _actor = signed_in("handler")
    assert first.number in client.get(reverse("cases:decision", args=[second.id])).content.decode()


def test_one_outside_the_area_is_told_without_number_and_place(twice: tuple[Application, Application]) -> None:
    first, second = twice
    Application.objects.filter(pk=first.id).update(area_code="990101002001")
    found = doubles_of(second, staff("handler"), "zh")
    assert [(line.application, line.number, line.place) for line in found] == [(None, "", "")]
    client, _actor = signed_in("handler")
    text = client.get(reverse("cases:application", args=[second.id])).content.decode()
    assert first.number not in text and "辖区以外还有一份" in text
    assert doubles_of(second, staff("county_officer", "990101"), "zh")[0].number == first.number


def test_one_that_is_closed_or_of_other_people_warns_nobody(
    twice: tuple[Application, Application], entered: Callable[..., Application], handler: Actor, county: County
) -> None:
    first, second = twice
    accept_application(actor=handler, at=AT, application=first.id, on=APPLIED)
    verify_application(actor=handler, at=AT, application=first.id, rulebook=county.rulebook)
    Application.objects.filter(pk=first.id).update(state="reviewed")
    assert doubles_of(second, handler, "zh") == ()
    alone = entered(number="SQ202600003", members=(HEAD,), signed=(HEAD,))
    assert doubles_of(alone, handler, "zh") == ()


@pytest.mark.parametrize("whose", [0, 1])
def test_whoever_has_left_one_family_by_the_later_application_is_in_one_only(
    twice: tuple[Application, Application], handler: Actor, county: County, whose: int
) -> None:
    first, second = twice
    rows = Membership.objects.filter(household_id=twice[whose].household_id)
    rows.filter(person_id=county.ids[SON]).update(to_on=APPLIED)
    assert [line.names for line in doubles_of(first, handler, "zh")] == ["王秀英"]
    rows.update(to_on=APPLIED)
    assert doubles_of(first, handler, "zh") == () == doubles_of(second, handler, "zh")


def test_a_later_application_is_named_on_the_earlier_one(entered: Callable[..., Application], handler: Actor) -> None:
    first = entered(number="SQ202600001")
    later = APPLIED + datetime.timedelta(10)
    second = entered(number="SQ202600002", applicant=WIFE, members=(WIFE,), signed=(WIFE,), applied_on=later)
    assert [line.number for line in doubles_of(first, handler, "zh")] == [second.number]
    assert [line.number for line in doubles_of(second, handler, "zh")] == [first.number]


def test_the_page_of_a_family_has_its_own_check_and_never_that_of_another(
    twice: tuple[Application, Application], handler: Actor, county: County
) -> None:
    first, second = twice
    accept_application(actor=handler, at=AT, application=second.id, on=APPLIED)
    verify_application(actor=handler, at=AT, application=second.id, rulebook=county.rulebook)
    assert first.household_id != second.household_id
    panel = next(iter(verification_panels(handler, first.household_id, APPLIED)))
    assert isinstance(panel.data, Checked)
    assert (panel.data.check, panel.data.earlier, panel.data.of_units) == (None, (), ())
    client, _actor = signed_in("handler")
    text = client.get(reverse("desk:household", args=[first.household_id])).content.decode()
    check = latest_check(second.household_id, second.number)
    assert check is not None and reverse("verification:check", args=[check.id]) not in text
    assert reverse("verification:run", args=[first.household_id]) in text


def test_the_register_household_names_whose_check_it_is_while_they_live_there(
    twice: tuple[Application, Application], handler: Actor, county: County
) -> None:
    _first, second = twice
    accept_application(actor=handler, at=AT, application=second.id, on=APPLIED)
    verify_application(actor=handler, at=AT, application=second.id, rulebook=county.rulebook)
    register = Household.objects.get(number="YX000001").id
    panel = next(iter(verification_panels(handler, register, APPLIED)))
    assert isinstance(panel.data, Checked) and panel.data.check is None
    assert [check.application for check in panel.data.of_units] == [second.number]
    client, _actor = signed_in("handler")
    text = client.get(reverse("desk:household", args=[register])).content.decode()
    assert second.number in text and "户内人员所在共同生活家庭的核对" in text
    assert reverse("verification:run", args=[register]) in text
    Membership.objects.filter(household_id=second.household_id).update(to_on=APPLIED)
    left = next(iter(verification_panels(handler, register, APPLIED)))
    assert isinstance(left.data, Checked) and left.data.of_units == ()


def test_the_page_of_the_register_household_leads_to_the_familys_checks(
    verified: Callable[..., Application], county: County
) -> None:
    made = verified()
    check = latest_check(made.household_id, made.number)
    assert check is not None
    page = reverse("desk:household", args=[Household.objects.get(number="YX000001").id])
    address = reverse("verification:check", args=[check.id])
    assert address in signed_in("registrar")[0].get(page).content.decode()
    assert datetime.date(2026, 7, 14) == check.as_of


def test_the_page_of_the_family_says_codes_and_relations_in_english(
    entered: Callable[..., Application], county: County
) -> None:
    made = entered()
    client, _actor = signed_in("registrar", language="en")
    text = client.get(reverse("desk:household", args=[made.household_id])).content.decode()
    assert "there is an obligor" in text and "rural" in text and ">wife<" in text and ">妻<" not in text
