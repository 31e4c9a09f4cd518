"""Entering applications: head and area from the register, declarations, signatures; one or many, one audit entry."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from doudi.audit.models import Entry
from doudi.cases.actions import accept_applications, assess_many, enter_application, enter_applications
from doudi.cases.models import Application, CourseStep
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Refused
from doudi.registry.models import Declaration, Headship, Membership, Person
from doudi.registry.queries import number_of
from doudi.verification.models import Authorisation
from tests.cases.conftest import APPLIED, AT, ELSEWHERE, HEAD, SON, TOWNSHIP, VILLAGE, WIFE, County, entry, staff
from tests.registry.conftest import number

pytestmark = pytest.mark.django_db
STRANGER = number("19900101", 5)


def test_an_application_forms_a_unit_with_the_register_head_and_area(
    county: County, entered: Callable[..., Application]
) -> None:
    made = entered(members=(WIFE, SON), applicant=WIFE, signed=(WIFE,))
    head = Headship.objects.get(household=made.household)
    assert head.person_id == county.ids[HEAD]
    assert made.household.area_code == made.area_code == VILLAGE
    assert set(Membership.objects.filter(household=made.household).values_list("person_id", flat=True)) == {
        county.ids[WIFE],
        county.ids[SON],
    }
    assert made.register_household is not None and made.problems == []


def test_people_nobody_knows_are_registered_by_number_alone(entered: Callable[..., Application]) -> None:
    made = entered(members=(HEAD, STRANGER))
    unknown = Person.objects.get(pk__in=Membership.objects.filter(household=made.household).values("person"), name="")
    assert number_of(unknown) == STRANGER
    assert unknown.hukou_type == ""


def test_a_household_number_nobody_knows_leaves_head_and_area_open(entered: Callable[..., Application]) -> None:
    made = entered(household_number="YX999999")
    assert not Headship.objects.filter(household=made.household).exists()
    assert made.household.area_code == ""
    assert made.area_code == VILLAGE
    assert made.problems == ["cases.household_unknown"]


def test_declarations_and_signatures_are_kept_with_the_application(
    county: County, entered: Callable[..., Application]
) -> None:
    made = entered(signed=(HEAD, WIFE, STRANGER))
    said = {row.fact: row.value for row in Declaration.objects.filter(application=made.number)}
    assert said == {
        "household.declared_other_income": "150.00",
        "household.education_spending": "1200",
        "household.obligor_status": "有",
    }
    signers = set(Authorisation.objects.filter(application=made.number).values_list("person_id", "signed_on"))
    assert signers == {(county.ids[HEAD], APPLIED), (county.ids[WIFE], APPLIED)}
    assert made.problems == ["cases.signer_no_member"]


def test_what_is_not_clear_is_kept_as_asked_and_not_known(entered: Callable[..., Application]) -> None:
    made = entered(declared={"household.obligor_status": None})
    assert [row.value for row in Declaration.objects.filter(application=made.number)] == [None]


def test_a_number_without_one_is_given_out_in_series(county: County, registrar: Actor) -> None:
    made = [enter_application(actor=registrar, at=AT, entry=entry(number="")) for _ in range(2)]
    assert [row.number for row in made] == ["SQ990101-2026-00001", "SQ990101-2026-00002"]


def test_a_number_is_used_once(county: County, registrar: Actor) -> None:
    enter_application(actor=registrar, at=AT, entry=entry())
    with pytest.raises(Refused) as refused:
        enter_application(actor=registrar, at=AT, entry=entry())
    assert refused.value.code == "cases.number_taken"
    with pytest.raises(Refused):
        enter_applications(actor=registrar, at=AT, entries=[entry(number="A1"), entry(number="A1")])
    assert Application.objects.count() == 1


def test_an_application_without_members_is_refused(county: County, registrar: Actor) -> None:
    with pytest.raises(Malformed):
        enter_application(actor=registrar, at=AT, entry=entry(members=()))


def test_another_township_cannot_enter_the_family(county: County) -> None:
    with pytest.raises(Forbidden) as refused:
        enter_application(actor=staff("registrar", ELSEWHERE), at=AT, entry=entry())
    assert refused.value.code == "cases.area_elsewhere"
    assert not Application.objects.exists()


@pytest.mark.parametrize("role", ["reviewer", "county_officer", "verification_officer", "auditor"])
def test_only_registrars_and_handlers_enter(county: County, role: str) -> None:
    with pytest.raises(Forbidden):
        enter_application(actor=staff(role), at=AT, entry=entry())


def test_a_batch_is_one_audit_entry_with_count_and_digest(county: County) -> None:
    system = Actor.system()
    entries = [entry(number=f"B{place:03d}") for place in range(12)]
    made = enter_applications(actor=system, at=AT, entries=entries)
    assert [row.number for row in made] == [one.number for one in entries]
    written = Entry.objects.get(verb="cases.enter_applications")
    assert written.count == 12 and len(written.content_digest) == 64
    assert CourseStep.objects.filter(move="enter").count() == 12


def test_a_batch_gives_what_single_acts_give(county: County) -> None:
    system = Actor.system()
    families: list[dict[str, object]] = [
        {},
        {"signed": (HEAD,)},
        {"members": (WIFE, SON), "applicant": WIFE, "signed": (WIFE,)},
        {"household_number": "YX999999"},
        {"declared": {"household.declared_other_income": Decimal("5000")}},
    ]
    batch = [entry(number=f"B{place}", **given) for place, given in enumerate(families)]
    together = enter_applications(actor=system, at=AT, entries=batch)
    alone = [
        enter_application(actor=system, at=AT, entry=entry(number=f"S{place}", **given))
        for place, given in enumerate(families)
    ]
    first = assess_many(actor=system, at=AT, applications=[row.id for row in together], rulebook=county.rulebook)
    second = [assess_many(actor=system, at=AT, applications=[row.id], rulebook=county.rulebook)[0] for row in alone]
    shape = ("outcome", "programme", "amount", "pending")
    assert [[getattr(one, name) for name in shape] for one in first] == [
        [getattr(one, name) for name in shape] for one in second
    ]
    assert [row.problems for row in together] == [row.problems for row in alone]
    assert Entry.objects.filter(verb="cases.assess").count() == 1 + len(families)


def test_many_are_accepted_each_on_its_own_day(county: County) -> None:
    made = enter_applications(actor=Actor.system(), at=AT, entries=[entry(number="B1"), entry(number="B2")])
    rows = accept_applications(actor=Actor.system(), at=AT, applications=[row.id for row in made])
    assert {row.accepted_on for row in rows} == {APPLIED}
    assert all(row.area_code.startswith(TOWNSHIP) for row in rows)
