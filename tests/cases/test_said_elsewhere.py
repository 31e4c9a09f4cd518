"""A person in two applications: each reads what was said in itself; what another township wrote is neither shown there
nor changed from there.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from doudi.cases.actions import (
    assess,
    declare_no_obligors,
    enter_application,
    put_obligor,
    remove_obligor,
    supplement_application,
)
from doudi.cases.models import Application
from doudi.cases.queries import open_assessment
from doudi.cases.queries.obligors import Obliged, obliged_of
from doudi.cases.queries.proposals import stored_case
from doudi.core.actor import Actor
from doudi.core.errors import Missing
from doudi.engine.rulebook import Rulebook
from doudi.matching.queries import CaseRequest, cases_for
from doudi.registry.models import ObligorStatement
from doudi.registry.panels import registry_panels
from doudi.registry.queries import HouseholdPage, declared_of_persons, obligors_said
from tests.cases.conftest import APPLIED, AT, ELSEWHERE, HEAD, County, entry, staff
from tests.cases.signing_in import signed_in
from tests.cases.test_obligors import counting, daughter
from tests.registry.conftest import number

__all__ = ["counting"]
pytestmark = pytest.mark.django_db
STRANGER = number("19900307", 3)
NOW = AT + datetime.timedelta(hours=1)


@pytest.fixture
def neighbour() -> Actor:
    return staff("registrar", ELSEWHERE)


@pytest.fixture
def two(
    county: County, counting: Rulebook, assessed: Callable[..., Application], registrar: Actor, neighbour: Actor
) -> tuple[Application, Application]:
    """The family with the head's daughter written down; and a family of the next township that names the head too."""
    first, head = assessed(), county.ids[HEAD]
    put = {"actor": registrar, "at": AT, "application": first.id, "rulebook": counting, "person": head}
    put_obligor(**put, obligor=daughter())
    assess(actor=staff("handler"), at=AT, application=first.id, rulebook=counting)
    members = (STRANGER, HEAD)
    given = entry(number="SQ202600009", household_number="", applicant=STRANGER, members=members, signed=(STRANGER,))
    return first, enter_application(actor=neighbour, at=AT, entry=given)


def head_of(application: Application, actor: Actor, rulebook: Rulebook, county: County) -> Obliged:
    return next(one for one in obliged_of(application, actor, rulebook, "zh") if one.person == county.ids[HEAD])


def input_of(application: Application, rulebook: Rulebook, county: County) -> dict[str, Any]:
    request = CaseRequest(application.household_id, application.applied_on, application.number)
    (case,) = cases_for(rulebook, [request])
    return next(person for person in case["persons"] if person["id"] == str(county.ids[HEAD]))


def test_another_township_sees_that_something_is_said_and_nothing_of_it(
    two: tuple[Application, Application], county: County, counting: Rulebook, neighbour: Actor
) -> None:
    _first, second = two
    assert second.area_code == ELSEWHERE
    seen = head_of(second, neighbour, counting, county)
    assert (seen.state, seen.obligors) == ("never_asked", ())
    assert [(one.application, one.number, one.obligors) for one in seen.elsewhere] == [(None, "", ())]
    client, _actor = signed_in("registrar", ELSEWHERE)
    text = client.get(reverse("cases:obligors", args=[second.id])).content.decode()
    assert "辖区以外的申请里另有登记" in text and not any(word in text for word in ("李小红", "望江镇", "120.50"))
    one = ObligorStatement.objects.get().obligors[0].id
    address = reverse("cases:obligor", args=[second.id, county.ids[HEAD], one])
    assert client.get(address).status_code == 404
    english, _actor = signed_in("registrar", ELSEWHERE, language="en")
    assert "outside your area" in english.get(reverse("cases:obligors", args=[second.id])).content.decode()


def test_who_may_see_the_other_application_is_shown_what_it_says_and_where(
    two: tuple[Application, Application], county: County, counting: Rulebook
) -> None:
    first, second = two
    seen = head_of(second, staff("registrar", "990101"), counting, county)
    assert (seen.state, seen.obligors) == ("never_asked", ())
    assert [(one.application, one.number) for one in seen.elsewhere] == [(first.id, first.number)]
    assert [line.name for line in seen.elsewhere[0].obligors] == ["李小红"]
    client, _actor = signed_in("registrar", "990101")
    text = client.get(reverse("cases:obligors", args=[second.id])).content.decode()
    assert "李小红" in text and reverse("cases:application", args=[first.id]) in text and "不计入这份申请" in text


def test_nobody_said_in_one_changes_nothing_of_the_other(
    two: tuple[Application, Application], county: County, counting: Rulebook, neighbour: Actor
) -> None:
    first, second = two
    head = county.ids[HEAD]
    before, stood = input_of(first, counting, county), open_assessment(first.id)
    declare_no_obligors(actor=neighbour, at=NOW, application=second.id, persons=[head])
    said = obligors_said([(head, first.number), (head, second.number)], APPLIED)
    assert [one.name for one in said[head, first.number] or ()] == ["李小红"] and said[head, second.number] == ()
    assert input_of(first, counting, county) == before and before["records"]["obligor"] != []
    assert input_of(second, counting, county)["records"]["obligor"] == []
    assert stood is not None and open_assessment(first.id) == stood and stored_case(stood)
    with pytest.raises(Missing):
        one = (said[head, first.number] or ())[0].id
        remove_obligor(actor=neighbour, at=NOW, application=second.id, person=head, obligor=one)


def test_both_in_one_reading_have_their_own(
    two: tuple[Application, Application], county: County, counting: Rulebook, neighbour: Actor
) -> None:
    _first, second = two
    declare_no_obligors(actor=neighbour, at=NOW, application=second.id, persons=[county.ids[HEAD]])
    asked = [CaseRequest(row.household_id, APPLIED, row.number) for row in two]
    lists = [
        person["records"].get("obligor")
        for case in cases_for(counting, asked)
        for person in case["persons"]
        if person["id"] == str(county.ids[HEAD])
    ]
    assert len(lists[0]) == 1 and lists[1] == []


def test_facts_of_a_member_are_those_said_in_the_application(
    two: tuple[Application, Application], county: County, registrar: Actor, neighbour: Actor
) -> None:
    first, second = two
    head, fact = county.ids[HEAD], "person.is_disabled"
    supplement_application(actor=registrar, at=AT, application=first.id, declared={fact: "是"}, person=head)
    assert declared_of_persons([(head, second.number)], APPLIED) == {}
    supplement_application(actor=neighbour, at=NOW, application=second.id, declared={fact: "否"}, person=head)
    asking = [(head, first.number), (head, second.number), (head, "")]
    assert [said[fact] for said in declared_of_persons(asking, APPLIED).values()] == ["是", "否", "否"]


def test_the_page_of_a_family_tells_of_a_member_only_what_the_reader_may_see(
    two: tuple[Application, Application], county: County, registrar: Actor, neighbour: Actor
) -> None:
    first, second = two
    said = {"actor": registrar, "at": AT, "application": first.id, "declared": {"person.is_disabled": "是"}}
    supplement_application(**said, person=county.ids[HEAD])

    def numbers(actor: Actor, application: Application) -> set[str]:
        panels = registry_panels(actor, application.household_id, APPLIED)
        (page,) = (panel.data for panel in panels if panel.name == "declarations")
        assert isinstance(page, HouseholdPage)
        return {one.application for one in page.declarations if one.person_id is not None}

    assert numbers(neighbour, second) == set()
    assert numbers(registrar, first) == {first.number} == numbers(staff("registrar", "990101"), second)
