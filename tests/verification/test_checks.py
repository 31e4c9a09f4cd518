"""Checks: what every source says about every person, one at a time and many at once, kept as it was."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from doudi.audit.models import Entry, EntrySubject
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed
from doudi.engine.case import read_case
from doudi.engine.rulebook import Rulebook
from doudi.engine.run import decide
from doudi.verification.actions import CheckRequest, run_check, run_checks
from doudi.verification.lifecycle import STATES, TRANSITIONS, transition
from doudi.verification.models import Answer, Check, Comparison
from doudi.verification.queries import inputs_of, latest_check, report
from tests.registry.conftest import actor_of
from tests.verification.conftest import AT, BANK, CARS, DAY, WAGES, FakeDelivered, Family, Lake, balance, car, wage

pytestmark = pytest.mark.django_db
CheckOf = Callable[..., Check]


def states(check: Check, person: uuid.UUID) -> dict[str, tuple[str, str, int]]:
    return {row.feed: (row.state, row.reason, row.rows) for row in check.answers.filter(person=person)}


def test_every_source_answers_about_every_person(
    family: Family, lake: Lake, rulebook: Rulebook, check_of: CheckOf
) -> None:
    family.sign()
    lake.put(CARS, family.keys[family.son], **car())
    check = check_of(family)
    assert check.state == "answered"
    assert check.answers.count() == 3 * len(rulebook.feeds)
    son = states(check, family.son)
    assert son[CARS] == ("answered", "", 1)
    assert son["ziran_budongchan"] == ("nothing_found", "", 0)
    assert son[WAGES] == ("nothing_found", "", 0)
    assert son[BANK] == ("not_answered", "no_row", 0)


def test_an_answer_says_of_which_day_its_data_are(family: Family, lake: Lake, check_of: CheckOf) -> None:
    lake.coverages[CARS] = FakeDelivered(None, None, None)  # type: ignore[assignment]
    lake.coverages[WAGES] = FakeDelivered(cutoff=None)  # type: ignore[assignment]
    check = check_of(family)
    dated = {row.feed: row for row in check.answers.filter(person=family.son)}
    assert dated["ziran_budongchan"].data_on == datetime.date(2026, 6, 30)
    assert dated[WAGES].data_on == datetime.date(2026, 6, 30)
    assert dated[CARS].data_on is None and dated[CARS].received_at is not None
    assert dated[CARS].delivery == lake.coverages[CARS].delivery  # type: ignore[union-attr]


def test_wages_and_bank_are_not_permitted_for_an_adult_who_did_not_sign(
    family: Family, lake: Lake, check_of: CheckOf
) -> None:
    family.sign(family.mother)
    for key in family.keys.values():
        lake.put(BANK, key, **balance("100.00"))
        lake.put(WAGES, key, **wage("10.00"))
    check = check_of(family)
    son = states(check, family.son)
    assert son[WAGES] == son[BANK] == ("not_permitted", "not_signed", 0)
    assert states(check, family.mother)[BANK] == ("answered", "", 1)
    inputs = inputs_of(check)
    assert inputs is not None
    own = next(one for one in inputs["persons"] if one["id"] == str(family.son))
    assert own["records"]["bank_balance"] == {"unknown": "not_permitted"}


def test_a_minor_goes_with_the_family(family: Family, lake: Lake, check_of: CheckOf) -> None:
    lake.put(BANK, family.keys[family.child], **balance("5.00"))
    assert states(check_of(family), family.child)[BANK] == ("answered", "", 1)


def test_a_silence_says_why(family: Family, lake: Lake, check_of: CheckOf) -> None:
    family.sign()
    del lake.coverages[CARS]
    lake.coverages[WAGES] = FakeDelivered(to_month=datetime.date(2026, 5, 1))  # type: ignore[assignment]
    lake.spoiled["ziran_budongchan"] = {family.keys[family.son]}
    son = states(check_of(family), family.son)
    assert son[CARS] == ("not_answered", "no_delivery", 0)
    assert son[WAGES] == ("not_answered", "not_covered", 0)
    assert son["ziran_budongchan"] == ("not_answered", "quarantined", 0)


def test_many_checks_read_each_source_once_and_say_what_single_ones_say(
    actor: Actor, person: Callable[..., uuid.UUID], lake: Lake, rulebook: Rulebook
) -> None:
    families = [Family(actor, person), Family(actor, person, seq=5)]
    families[0].sign()
    families[0].declare(declared_other_income="100.00")
    lake.put(CARS, families[1].keys[families[1].son], **car())
    singles = [run_check(actor=actor, at=AT, household=one.unit, as_of=DAY, rulebook=rulebook) for one in families]
    lake.reads.clear()
    batch = run_checks(
        actor=actor, at=AT, requests=[CheckRequest(one.unit, DAY) for one in families], rulebook=rulebook
    )
    assert sorted(lake.reads) == sorted(rulebook.feeds)
    for single, one in zip(singles, batch, strict=True):
        assert single.inputs_digest == one.inputs_digest
        assert _plain(single) == _plain(one)


def _plain(check: Check) -> tuple[list[Any], list[Any]]:
    answers = check.answers.order_by("seq", "feed").values_list("person", "feed", "state", "reason", "rows", "data_on")
    return list(answers), list(check.comparisons.order_by("seq").values_list("subject", "declared", "state"))


def test_no_requests_make_no_checks(actor: Actor, lake: Lake, rulebook: Rulebook, db: None) -> None:
    assert run_checks(actor=actor, at=AT, requests=[], rulebook=rulebook) == []


def test_after_a_new_delivery_a_second_check_says_more_and_the_first_stays(
    family: Family, lake: Lake, rulebook: Rulebook, check_of: CheckOf
) -> None:
    family.sign()
    first = check_of(family)
    before = report(first.id, level="officer", lang="zh", rulebook=rulebook)
    lake.put(BANK, family.keys[family.son], **balance("100.00"))
    lake.coverages[BANK] = FakeDelivered(cutoff=datetime.date(2026, 7, 31))  # type: ignore[assignment]
    second = check_of(family, at=AT + datetime.timedelta(days=1))
    assert states(first, family.son)[BANK] == ("not_answered", "no_row", 0)
    assert states(second, family.son)[BANK] == ("answered", "", 1)
    assert second.answers.get(person=family.son, feed=BANK).data_on == datetime.date(2026, 7, 31)
    assert latest_check(family.unit) == second
    after = report(first.id, level="officer", lang="zh", rulebook=rulebook)
    assert after.newer == second.id
    assert (after.opening, after.compared, after.rows) == (before.opening, before.compared, before.rows)


def test_the_inputs_are_kept_encrypted_and_replay_to_the_same_decision(
    family: Family, lake: Lake, rulebook: Rulebook, check_of: CheckOf
) -> None:
    family.sign()
    family.declare(declared_other_income="150.00", education_spending="0.00", obligor_status="有")
    for key in family.keys.values():
        lake.put(BANK, key, **balance("87654.32"))
    check = check_of(family)
    stored = bytes(Check.objects.get(pk=check.pk).inputs_enc or b"")
    assert b"87654.32" not in stored and b"deposits" not in stored
    inputs = inputs_of(check)
    proposal = decide(rulebook, read_case(inputs, rulebook))
    again = decide(rulebook, read_case(inputs_of(check), rulebook))
    assert proposal.inputs_digest == check.inputs_digest
    assert json.dumps(proposal.to_json()) == json.dumps(again.to_json())


def test_inputs_moved_to_another_check_are_not_used(family: Family, lake: Lake, check_of: CheckOf) -> None:
    first, second = check_of(family), check_of(family)
    first.inputs_enc, first.inputs_digest = second.inputs_enc, second.inputs_digest
    with pytest.raises(Exception, match="belongs to another place"):
        inputs_of(first)
    second.inputs_digest = "0" * 64
    with pytest.raises(Malformed):
        inputs_of(second)


def test_comparisons_say_how_declared_and_found_stand(family: Family, lake: Lake, check_of: CheckOf) -> None:
    family.sign()
    family.declare(declared_other_income="150.00")
    for key in family.keys.values():
        lake.put(BANK, key, **balance("1.00"))
    lake.put(WAGES, family.keys[family.son], **wage("3000.00"))
    lake.put(CARS, family.keys[family.son], **car())
    found = {row.subject: (row.declared, row.state) for row in check_of(family).comparisons.all()}
    assert found["household.declared_other_income"] == (True, "found_besides")
    assert found["household.education_spending"] == (False, "no_source")
    assert found["household.meets_vehicle_test"] == (None, "over")
    assert found["household.meets_housing_test"] == (None, "within")
    assert found["household.exceeds_financial_limit"] == (None, "within")


def test_a_silent_bank_leaves_its_limit_unknown(family: Family, lake: Lake, check_of: CheckOf) -> None:
    family.sign()
    rows = check_of(family).comparisons
    assert rows.get(subject="household.exceeds_financial_limit").state == "unknown"
    assert rows.get(subject="household.declared_other_income").state == "nothing_besides"


@pytest.mark.parametrize(
    ("role", "area"), [("reviewer", "990101"), ("auditor", ""), ("registrar", "990101002"), ("handler", "50")]
)
def test_who_may_not_ask_is_forbidden(
    family: Family, rulebook: Rulebook, check_of: CheckOf, role: str, area: str
) -> None:
    with pytest.raises(Forbidden):
        check_of(family, who=actor_of(area, role))
    assert not Check.objects.exists()


def test_an_unknown_household_is_refused_like_one_elsewhere(
    actor: Actor, lake: Lake, rulebook: Rulebook, db: None
) -> None:
    with pytest.raises(Forbidden, match=r"verification\.elsewhere"):
        run_check(actor=actor, at=AT, household=uuid.uuid4(), as_of=DAY, rulebook=rulebook)


def test_a_batch_leaves_one_entry_with_count_and_digest(
    actor: Actor, family: Family, lake: Lake, rulebook: Rulebook
) -> None:
    requests = [CheckRequest(family.unit, DAY), CheckRequest(family.unit, DAY, "A1")]
    made = run_checks(actor=actor, at=AT, requests=requests, rulebook=rulebook)
    (entry,) = Entry.objects.filter(verb="verification.run_checks")
    assert entry.count == 2 and len(entry.content_digest) == 64
    about = set(EntrySubject.objects.filter(entry_id=entry.id).values_list("kind", "subject"))
    assert about == {("household", str(family.unit)), *(("check", str(one.id)) for one in made)}
    assert latest_check(family.unit, "A1") == made[1]


def test_the_table_of_states_leads_one_way() -> None:
    assert {step.before for step in TRANSITIONS} | {step.after for step in TRANSITIONS} == set(STATES)
    assert transition("answer", "requested") and transition("conclude", "answered")
    assert transition("conclude", "requested") is None and transition("conclude", "concluded") is None


ANSWERED = {"state": "answered", "rows": 1, "reason": ""}


@pytest.mark.parametrize(
    "wrong",
    [
        ANSWERED | {"rows": 0},
        ANSWERED | {"reason": "no_row"},
        {"state": "nothing_found", "rows": 2},
        {"state": "not_answered", "rows": 0, "reason": ""},
        {"state": "not_answered", "rows": 0, "reason": "not_signed"},
        {"state": "not_permitted", "rows": 0, "reason": "no_row"},
        {"state": "perhaps", "rows": 0},
    ],
)
def test_the_database_keeps_answers_sound(
    family: Family, lake: Lake, check_of: CheckOf, wrong: dict[str, object]
) -> None:
    check = check_of(family)
    base = {"check_made": check, "person_id": family.son, "seq": 0, "is_member": True, "feed": "other"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(**base | wrong)


def test_the_database_keeps_one_answer_a_source_and_one_comparison_a_subject(
    family: Family, lake: Lake, check_of: CheckOf
) -> None:
    check = check_of(family)
    first = check.answers.first()
    assert first is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(
            check_made=check, person=first.person, seq=9, is_member=True, feed=first.feed, state="nothing_found"
        )
    compared = check.comparisons.filter(person=None).first()
    assert compared is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        Comparison.objects.create(check_made=check, seq=99, subject=compared.subject, state="unknown")


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "answered"},
        {"state": "requested", "inputs_digest": "0" * 64},
        {"state": "concluded", "answered_at": AT, "inputs_digest": "0" * 64},
        {"state": "answered", "answered_at": AT, "inputs_digest": "0" * 64, "concluded_by": "a"},
    ],
)
def test_the_database_keeps_checks_whole(family: Family, wrong: dict[str, object]) -> None:
    base = {
        "household_id": family.unit, "as_of": DAY, "rulebook_hash": "0" * 64, "requested_by": "a",
        "requested_by_name": "a", "requested_at": AT,
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Check.objects.create(**base | wrong)
