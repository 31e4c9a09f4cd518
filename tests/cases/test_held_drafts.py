"""A form not handed in that names somebody under a hold stays whole until the hold is lifted or it is handed in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from doudi.cases.actions import discard_draft, save_draft
from doudi.cases.logic.wizard import Answers, Someone, to_data
from doudi.cases.models import Draft
from doudi.cases.queries.drafts import answers_of
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.errors import Refused
from doudi.core.row_context import acting
from doudi.keeping.actions import erase_due, lift_hold, place_hold
from doudi.keeping.logic.duties import Due
from doudi.registry.models import Household
from tests.cases.conftest import APPLIED, AT, HEAD, WIFE, County, staff
from tests.cases.signing_in import signed_in
from tests.desk.conftest import Family, family
from tests.registry.conftest import number

__all__ = ["family"]
pytestmark = pytest.mark.django_db
ZHANG, FAR = number("19800101", 10), number("19800101", 50)
AUDITOR = staff("auditor", "99")


def hold(kind: str, subject: uuid.UUID) -> uuid.UUID:
    return place_hold(actor=AUDITOR, at=AT, kind=kind, subject=subject, reason="审计").id


def draft_of(actor: Actor, answers: Answers, at: datetime = AT) -> Draft:
    return save_draft(actor=actor, at=at, draft=None, answers=to_data(answers))


def at_night(after: timedelta = timedelta(days=100)) -> tuple[int, int]:
    at = AT + after
    done = erase_due(actor=Actor.system(), at=at, today=at.date())
    return next((one.erased, one.held) for one in done if one.rule == "drafts")


def test_a_draft_that_names_somebody_held_stays_and_others_go(family: Family) -> None:
    home, far = family("张三"), family("李四", area="990102001001", sequence=5)
    clerk = staff("registrar", "990101003")
    named = Answers(applied_on=APPLIED, applicant=Someone(ZHANG, "张三"))
    kept = [
        draft_of(clerk, named),
        draft_of(clerk, Answers(members=(Someone(FAR, "李四"),))),
        draft_of(clerk, Answers(household_number=home.number or "")),
    ]
    draft_of(clerk, Answers(applicant=Someone(WIFE, "王")))
    made = [hold("household", home.id), hold("person", far.head_id or uuid.uuid4())]
    assert at_night() == (1, 3)
    assert {one.id for one in Draft.objects.all()} == {one.id for one in kept}
    for one in made:
        lift_hold(actor=AUDITOR, at=AT, hold=one, reason="完")
    assert at_night() == (3, 0)


def test_what_cannot_be_looked_through_stays_and_stops_no_rule(family: Family) -> None:
    clerk = staff("registrar")
    spoilt = draft_of(clerk, Answers())
    save_draft(actor=clerk, at=AT, draft=None, answers={"household_number": "x"})
    Draft.objects.filter(pk=spoilt.id).update(data_enc=b"x")
    draft_of(clerk, Answers())
    assert at_night() == (1, 0) and Draft.objects.count() == 2


def test_a_draft_saved_after_it_was_listed_is_not_erased(family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its owner takes it up again while the run of the night is under way, and names somebody held in it."""
    from doudi.keeping.actions import erasing

    clerk, own = staff("registrar"), family("张三")
    draft, batches = draft_of(clerk, Answers()), erasing._batches
    hold("person", own.head_id or uuid.uuid4())

    def late(due: Iterable[Due]) -> Iterator[list[Due]]:
        listed = list(due)
        answers = to_data(Answers(applicant=Someone(ZHANG, "张三")))
        save_draft(actor=clerk, at=AT + timedelta(days=100), draft=draft, answers=answers)
        yield from batches(listed)

    monkeypatch.setattr(erasing, "_batches", late)
    at_night()
    assert Draft.objects.filter(pk=draft.id).exists()


def test_its_owner_neither_throws_it_away_nor_takes_the_held_one_out(county: County) -> None:
    clerk = staff("registrar")
    named = Answers(applied_on=APPLIED, applicant=Someone(HEAD, "李建国"), members=(Someone(WIFE, "王秀英"),))
    draft = draft_of(clerk, named)
    own = hold("person", county.ids[WIFE])
    with acting(clerk):
        without = to_data(replace(named, members=()))
        for act in (
            lambda: discard_draft(actor=clerk, at=AT, draft=draft),
            lambda: save_draft(actor=clerk, at=AT, draft=draft, answers=without),
        ):
            with pytest.raises(Refused) as error:
                act()
            assert error.value.code == "cases.draft_held"
        save_draft(actor=clerk, at=AT, draft=draft, answers=to_data(replace(named, facts={"x": "1"})))
    assert answers_of(Draft.objects.get()).facts == {"x": "1"}, "what it says goes on being filled in"
    lift_hold(actor=AUDITOR, at=AT, hold=own, reason="完")
    with acting(clerk):
        discard_draft(actor=clerk, at=AT, draft=draft)
    assert not Draft.objects.exists()


def test_somebody_of_another_county_is_found_too(family: Family) -> None:
    clerk, far = staff("registrar", "990101003"), family("李四", area="990102001001", sequence=5)
    draft = draft_of(clerk, Answers(members=(Someone(FAR, "李四"),)))
    leader = staff("county_leader", "990102")
    place_hold(actor=leader, at=AT, kind="person", subject=far.head_id or uuid.uuid4(), reason="诉讼")
    with acting(clerk), pytest.raises(Refused):
        discard_draft(actor=clerk, at=AT, draft=draft)


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "暂停删除"), ("en", "nothing is deleted at present")])
def test_the_page_says_why(family: Family, language: str, words: str) -> None:
    household: Household = family("张三")
    client, clerk = signed_in("registrar", "990101003", language=language)
    draft = draft_of(clerk, Answers(applicant=Someone(ZHANG, "张三")), now())
    hold("person", household.head_id or uuid.uuid4())
    answer = client.post(reverse("cases:discard", args=[draft.id]))
    assert answer.status_code == 409 and words in answer.content.decode()
    assert Draft.objects.exists()
