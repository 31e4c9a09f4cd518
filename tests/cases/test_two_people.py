"""Opinion and review: agree or depart with a reason, another person reviews; held by actions and by the database."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from doudi.audit.models import Entry, EntrySubject
from doudi.cases.actions import (
    accept_application,
    assess,
    propose_opinion,
    return_application,
    review_opinion,
    verify_application,
)
from doudi.cases.models import Application, CourseStep, Opinion, Review
from doudi.cases.queries import course_of, open_assessment, open_opinion
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Missing, Refused, Stale
from tests.cases.conftest import APPLIED, AT, ELSEWHERE, HEAD, County, staff

pytestmark = pytest.mark.django_db


def test_from_entering_to_review(
    assessed: Callable[..., Application], registrar: Actor, handler: Actor, reviewer: Actor
) -> None:
    made = assessed()
    opinion = propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    assert (opinion.outcome, opinion.programme, opinion.amount) == ("eligible", "dibao", Decimal(1930))
    review_opinion(actor=reviewer, at=AT, application=made.id, agrees=True)
    made.refresh_from_db()
    assert made.state == "reviewed"
    assert [step.move for step in course_of(made.id)] == ["enter", "accept", "verify", "propose", "agree"]
    assert [step.account_id for step in course_of(made.id)][-2:] == [handler.account_id, reviewer.account_id]


def test_every_act_leaves_an_audit_entry_about_the_application(
    assessed: Callable[..., Application], handler: Actor, reviewer: Actor
) -> None:
    made = assessed()
    propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    review_opinion(actor=reviewer, at=AT, application=made.id, agrees=True)
    ids = EntrySubject.objects.filter(kind="application", subject=str(made.id)).values("entry_id")
    verbs = set(Entry.objects.filter(id__in=ids).values_list("verb", flat=True))
    assert verbs >= {
        "cases.enter_applications", "cases.accept_applications", "cases.record_verifications", "cases.assess",
        "cases.propose_opinion", "cases.review_opinion",
    }  # fmt: skip


def test_departing_needs_a_reason_and_keeps_it(assessed: Callable[..., Application], handler: Actor) -> None:
    made = assessed()
    with pytest.raises(Refused) as refused:
        propose_opinion(actor=handler, at=AT, application=made.id, agrees=False, outcome="not_eligible")
    assert refused.value.code == "cases.reason_missing"
    opinion = propose_opinion(
        actor=handler, at=AT, application=made.id, agrees=False, outcome="not_eligible", reason="入户看到长期不在家"
    )
    assert not opinion.agrees and opinion.reason == "入户看到长期不在家"
    assert Application.objects.get(pk=made.id).state == "proposed"


def test_nobody_is_admitted_while_facts_are_missing(assessed: Callable[..., Application], handler: Actor) -> None:
    made = assessed(signed=(HEAD,))
    for given in (
        {"agrees": True},
        {"agrees": True, "outcome": "eligible", "programme": "dibao", "amount": Decimal(100)},
        {"agrees": False, "outcome": "eligible", "programme": "dibao", "amount": Decimal(100), "reason": "因为"},
    ):
        with pytest.raises(Refused) as refused:
            propose_opinion(actor=handler, at=AT, application=made.id, **given)
        assert refused.value.code == "cases.facts_missing"
    assert not Opinion.objects.exists()


def test_whoever_saw_an_older_proposal_is_told(
    county: County, assessed: Callable[..., Application], handler: Actor
) -> None:
    made = assessed()
    seen = open_assessment(made.id)
    assert seen is not None
    assess(actor=handler, at=AT, application=made.id, rulebook=county.rulebook)
    with pytest.raises(Stale):
        propose_opinion(actor=handler, at=AT, application=made.id, agrees=True, assessment=seen.id)


def test_an_opinion_needs_a_proposal_made_after_the_verification(
    county: County, assessed: Callable[..., Application], handler: Actor
) -> None:
    made = assessed()
    verify_application(actor=handler, at=AT, application=made.id, rulebook=county.rulebook)
    with pytest.raises(Missing):
        propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)


def test_the_person_who_proposed_does_not_review(assessed: Callable[..., Application], handler: Actor) -> None:
    made = assessed()
    propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    same = Actor(handler.account_id, handler.name, "reviewer", handler.area)
    for agrees in (True, False):
        with pytest.raises(Forbidden) as refused:
            review_opinion(actor=same, at=AT, application=made.id, agrees=agrees, reason="因为")
        assert refused.value.code == "cases.same_person"
    assert not Review.objects.exists()


def _review(opinion: Opinion, reviewed_by: str, proposed_by: str, **more: object) -> None:
    given = {"agrees": True, "reviewed_name": "", "reviewed_at": AT} | more
    with transaction.atomic():
        Review.objects.create(opinion=opinion, reviewed_by=reviewed_by, proposed_by=proposed_by, **given)


def test_the_database_itself_wants_two_people(assessed: Callable[..., Application], handler: Actor) -> None:
    opinion = propose_opinion(actor=handler, at=AT, application=assessed().id, agrees=True)
    with pytest.raises(IntegrityError, match="cases_review_two_people"):
        _review(opinion, handler.account_id, handler.account_id)
    with pytest.raises(IntegrityError, match="cases_review_of_opinion"):
        _review(opinion, handler.account_id, str(uuid.uuid4()))
    with pytest.raises(IntegrityError, match="cases_review_by_a_person"):
        _review(opinion, "system", handler.account_id)
    with pytest.raises(IntegrityError, match="cases_review_reason"):
        _review(opinion, str(uuid.uuid4()), handler.account_id, agrees=False)


def test_the_machine_neither_proposes_nor_reviews(assessed: Callable[..., Application], handler: Actor) -> None:
    made = assessed()
    with pytest.raises(Forbidden):
        propose_opinion(actor=Actor.system(), at=AT, application=made.id, agrees=True)
    propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    with pytest.raises(Forbidden):
        review_opinion(actor=Actor.system(), at=AT, application=made.id, agrees=True)


@pytest.mark.parametrize("role", ["registrar", "handler", "county_officer", "verification_officer", "auditor"])
def test_only_reviewers_and_leaders_review(role: str, assessed: Callable[..., Application], handler: Actor) -> None:
    made = assessed()
    propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    with pytest.raises(Forbidden):
        review_opinion(actor=staff(role), at=AT, application=made.id, agrees=True)


def test_another_township_is_refused_everywhere(assessed: Callable[..., Application], handler: Actor) -> None:
    made = assessed()
    with pytest.raises(Forbidden):
        propose_opinion(actor=staff("handler", ELSEWHERE), at=AT, application=made.id, agrees=True)
    propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    with pytest.raises(Forbidden):
        review_opinion(actor=staff("reviewer", ELSEWHERE), at=AT, application=made.id, agrees=True)
    with pytest.raises(Forbidden):
        return_application(actor=staff("handler", ELSEWHERE), at=AT, application=made.id, reason="缺")


def test_sent_back_with_a_reason_and_proposed_again(
    assessed: Callable[..., Application], handler: Actor, reviewer: Actor
) -> None:
    made = assessed()
    first = propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    with pytest.raises(Malformed):
        review_opinion(actor=reviewer, at=AT, application=made.id, agrees=False)
    review_opinion(actor=reviewer, at=AT, application=made.id, agrees=False, reason="请说明赡养费")
    made.refresh_from_db()
    assert made.state == "returned" and made.accepted_on == APPLIED
    assert open_opinion(made.id) is None
    second = propose_opinion(actor=handler, at=AT, application=made.id, agrees=True, reason="已说明")
    assert second.id != first.id
    review_opinion(actor=reviewer, at=AT, application=made.id, agrees=True)
    made.refresh_from_db()
    assert made.state == "reviewed"


def test_returned_for_papers_and_taken_up_again_keeps_its_clock(
    entered: Callable[..., Application], handler: Actor
) -> None:
    made = entered()
    accept_application(actor=handler, at=AT, application=made.id, on=APPLIED)
    with pytest.raises(Malformed):
        return_application(actor=handler, at=AT, application=made.id, reason=" ")
    return_application(actor=handler, at=AT, application=made.id, reason="缺王秀英的授权书")
    later = APPLIED.replace(day=20)
    made = accept_application(actor=handler, at=AT, application=made.id, on=later)
    assert (made.state, made.accepted_on) == ("accepted", APPLIED)
    with pytest.raises(Malformed):
        accept_application(actor=handler, at=AT, application=entered(number="SQ2").id, on=APPLIED.replace(day=1))


def test_steps_out_of_order_are_refused(
    county: County, entered: Callable[..., Application], handler: Actor, reviewer: Actor
) -> None:
    made = entered()
    with pytest.raises(Refused):
        verify_application(actor=handler, at=AT, application=made.id, rulebook=county.rulebook)
    with pytest.raises(Refused):
        propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    with pytest.raises(Refused):
        review_opinion(actor=reviewer, at=AT, application=made.id, agrees=True)
    return_application(actor=handler, at=AT, application=made.id, reason="缺")
    with pytest.raises(Refused) as refused:
        propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    assert refused.value.code == "cases.not_verified"


def test_under_an_opinion_the_engine_is_not_asked_again(
    county: County, assessed: Callable[..., Application], handler: Actor
) -> None:
    made = assessed()
    propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    with pytest.raises(Refused):
        assess(actor=handler, at=AT, application=made.id, rulebook=county.rulebook)


def test_what_was_said_and_done_stays(assessed: Callable[..., Application], handler: Actor, reviewer: Actor) -> None:
    made = assessed()
    opinion = propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    review = review_opinion(actor=reviewer, at=AT, application=made.id, agrees=True)
    for act in (
        lambda: Opinion.objects.filter(pk=opinion.pk).update(amount=Decimal(5)),
        lambda: Review.objects.filter(pk=review.pk).update(agrees=False, reason="x"),
        lambda: CourseStep.objects.filter(application=made).update(reason="x"),
        lambda: CourseStep.objects.filter(application=made).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_the_database_knows_no_state_called_confirmed(assessed: Callable[..., Application]) -> None:
    made = assessed()
    with pytest.raises(IntegrityError, match="cases_application_state"), transaction.atomic():
        Application.objects.filter(pk=made.id).update(state="confirmed")
