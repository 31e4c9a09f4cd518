"""From a new figure to a published rulebook: one writes, another approves, nothing else gets in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from doudi.audit.models import Entry
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Refused, Stale
from doudi.rulebook import actions, queries
from doudi.rulebook.logic.yaml_text import NewValue
from doudi.rulebook.models import Approval, Draft, DraftStep, Impact, Published
from tests.rulebook.drafting import (
    AT,
    BASIS,
    CITY,
    CITY_LEADER,
    CITY_OFFICER,
    COUNTY,
    DAY,
    LEADER,
    OFFICER,
    drafted,
    in_force,
    months,
    seen,
    submitted,
    with_impact,
)

pytestmark = pytest.mark.django_db


def figure(place: str, on: date, name: str = "financial_asset_months") -> str:
    values = queries.current(place, on).parameters[name].values
    return str(next(v.value for v in values if v.from_on <= on))


def test_a_figure_is_drafted_checked_submitted_approved_and_in_force_from_its_day() -> None:
    before = in_force()
    draft = submitted()
    approval = actions.approve_draft(actor=LEADER, at=AT, draft=draft.id, seen=seen(draft), note="同意")
    assert queries.current(COUNTY, date(2026, 12, 31)).hash == before.hash
    after = queries.current("990101003", DAY)
    assert after.hash != before.hash and figure(COUNTY, DAY) == "30"
    assert Published.objects.get(hash=after.hash).draft_id == draft.id
    assert (approval.author_id, approval.approved_by) == ("officer", "leader")
    assert Draft.objects.get(pk=draft.id).state == "published"
    moves = [step.move for step in queries.course_of(draft)]
    assert moves == ["open", "edit", "edit", "submit", "approve"]


def test_every_act_leaves_one_entry() -> None:
    in_force()
    draft = submitted()
    actions.approve_draft(actor=LEADER, at=AT, draft=draft.id, seen=seen(draft))
    verbs = list(Entry.objects.filter(verb__startswith="rulebook.").order_by("pk").values_list("verb", flat=True))
    acts = ["open_draft", "edit_draft", "edit_draft", "ask_impact", "record_impact", "submit_draft", "approve_draft"]
    assert sorted(verbs) == sorted(f"rulebook.{act}" for act in ["publish", *acts])


def test_the_author_cannot_approve_whatever_the_role() -> None:
    in_force()
    draft = submitted()
    both = Actor(OFFICER.account_id, OFFICER.name, "county_leader", COUNTY)
    with pytest.raises(Forbidden) as caught:
        actions.approve_draft(actor=both, at=AT, draft=draft.id, seen=seen(draft))
    assert caught.value.code == "rulebook.same_person"
    with pytest.raises(Forbidden):
        actions.approve_draft(actor=OFFICER, at=AT, draft=draft.id, seen=seen(draft))
    with pytest.raises(Forbidden):
        actions.approve_draft(actor=Actor.system(), at=AT, draft=draft.id, seen=seen(draft))


@pytest.mark.parametrize("name", ["officer", "system", ""])
def test_the_database_refuses_an_approval_by_the_author_or_by_nobody(name: str) -> None:
    in_force()
    draft = submitted()
    impact = Impact.objects.get(draft=draft)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(
            draft=draft, author_id="officer", digest=draft.digest, impact=impact, approved_by=name, approved_at=AT
        )


def test_the_database_refuses_an_approval_of_another_text_or_author() -> None:
    in_force()
    draft = submitted()
    impact = Impact.objects.get(draft=draft)
    for author, digest in (("somebody", draft.digest), ("officer", "0" * 64)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Approval.objects.create(
                draft=draft, author_id=author, digest=digest, impact=impact, approved_by="leader", approved_at=AT
            )
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rulebook_draft SET files = '{}'",
        "UPDATE rulebook_draft SET effective_on = '2030-01-01'",
        "DELETE FROM rulebook_draft",
        "UPDATE rulebook_draft_step SET reason = 'x'",
        "DELETE FROM rulebook_draft_step",
        "UPDATE rulebook_impact SET result = '{}'",
        "UPDATE rulebook_impact SET digest = 'x'",
    ],
)
def test_the_database_keeps_what_was_submitted_and_done(statement: str) -> None:
    in_force()
    submitted()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_draft_that_was_published_or_discarded_has_ended() -> None:
    in_force()
    draft = drafted()
    actions.discard_draft(actor=OFFICER, at=AT, draft=draft.id)
    with pytest.raises(Refused):
        actions.set_value(actor=OFFICER, at=AT, draft=draft.id, parameter="financial_asset_months", value=months("31"))
    with pytest.raises(DatabaseError), transaction.atomic():
        Draft.objects.filter(pk=draft.id).update(state="drafting")


def test_a_draft_changed_after_its_impact_needs_a_new_one() -> None:
    in_force()
    draft = with_impact(drafted())
    actions.set_value(actor=OFFICER, at=AT, draft=draft.id, parameter="financial_asset_months", value=months("36"))
    with pytest.raises(Refused) as caught:
        actions.submit_draft(actor=OFFICER, at=AT, draft=draft.id, seen=seen(draft))
    assert caught.value.code == "rulebook.impact_unknown"


def test_an_answer_for_an_older_text_is_not_taken() -> None:
    in_force()
    draft = drafted()
    actions.ask_impact(actor=OFFICER, at=AT, draft=draft.id)
    older = draft.digest
    actions.set_value(actor=OFFICER, at=AT, draft=draft.id, parameter="financial_asset_months", value=months("36"))
    actions.ask_impact(actor=OFFICER, at=AT, draft=draft.id)
    assert actions.record_impact(actor=Actor.system(), draft_id=str(draft.id), impact={}, at=AT, digest=older) is None
    assert actions.record_impact(actor=Actor.system(), draft_id=str(draft.id), impact={"changed": 0}, at=AT)
    assert actions.record_impact(actor=Actor.system(), draft_id=str(draft.id), impact={"changed": 9}, at=AT) is None


def test_a_draft_with_a_fault_is_neither_reckoned_nor_submitted() -> None:
    in_force()
    draft = drafted()
    actions.write_file(actor=OFFICER, at=AT, draft=draft.id, name="rules.yaml", text="rules:\n  household.x: {}\n")
    faulty = Draft.objects.get(pk=draft.id).digest
    for act, more in ((actions.ask_impact, {}), (actions.submit_draft, {"seen": faulty})):
        with pytest.raises(Refused):
            act(actor=OFFICER, at=AT, draft=draft.id, **more)


@pytest.mark.parametrize("said", ["", "  "])
def test_nothing_is_handed_in_or_approved_without_saying_which_text_was_seen(said: str) -> None:
    in_force()
    draft = with_impact(drafted())
    with pytest.raises(Malformed) as caught:
        actions.submit_draft(actor=OFFICER, at=AT, draft=draft.id, seen=said)
    assert caught.value.code == "rulebook.not_seen"
    actions.submit_draft(actor=OFFICER, at=AT, draft=draft.id, seen=seen(draft))
    with pytest.raises(Malformed):
        actions.approve_draft(actor=LEADER, at=AT, draft=draft.id, seen=said)
    assert Draft.objects.get(pk=draft.id).state == "submitted"


def test_a_day_in_the_past_needs_a_reason() -> None:
    in_force()
    draft = drafted()
    past = date(2026, 10, 1)
    actions.set_day(actor=OFFICER, at=AT, draft=draft.id, title="x", effective_on=past)
    with_impact(draft)
    with pytest.raises(Refused) as caught:
        actions.submit_draft(actor=OFFICER, at=AT, draft=draft.id, seen=seen(draft))
    assert caught.value.code == "rulebook.day_in_the_past"
    actions.set_day(
        actor=OFFICER, at=AT, draft=draft.id, title="x", effective_on=past, past_reason="文件自 10 月起施行"
    )
    with_impact(draft)
    actions.submit_draft(actor=OFFICER, at=AT, draft=draft.id, seen=seen(draft))
    actions.approve_draft(actor=LEADER, at=AT, draft=draft.id, seen=seen(draft))
    assert queries.current_edition(COUNTY, past).effective_on == past


def test_a_draft_is_returned_with_a_reason_changed_and_submitted_again() -> None:
    in_force()
    draft = submitted()
    with pytest.raises(Malformed):
        actions.return_draft(actor=LEADER, at=AT, draft=draft.id, reason=" ")
    actions.return_draft(actor=LEADER, at=AT, draft=draft.id, reason="文号不对")
    actions.set_value(actor=OFFICER, at=AT, draft=draft.id, parameter="financial_asset_months", value=months("32"))
    with_impact(draft)
    actions.submit_draft(actor=OFFICER, at=AT, draft=draft.id, seen=seen(draft))
    steps = {step.move: step.reason for step in DraftStep.objects.filter(draft=draft)}
    assert steps["return"] == "文号不对"


def test_only_the_author_writes_and_only_in_their_area() -> None:
    in_force()
    draft = drafted()
    colleague = Actor("colleague", "同事", "county_officer", COUNTY)
    elsewhere = Actor("elsewhere", "外县", "county_officer", "990102")
    for actor in (colleague, elsewhere, LEADER):
        with pytest.raises(Forbidden):
            actions.set_value(actor=actor, at=AT, draft=draft.id, parameter="car_limit", value=months())
    with pytest.raises(Forbidden):
        actions.open_draft(actor=OFFICER, at=AT, place=CITY, title="x")


def test_what_the_county_may_not_set_is_a_fault() -> None:
    in_force()
    value = NewValue(COUNTY, DAY, None, "", BASIS, {"城镇": "900", "农村": "700"})
    draft = drafted(value=value, name="dibao_line")
    with pytest.raises(Refused):
        actions.ask_impact(actor=OFFICER, at=AT, draft=draft.id)


def test_what_the_city_publishes_reaches_the_county_and_keeps_its_own() -> None:
    in_force()
    own = submitted()
    actions.approve_draft(actor=LEADER, at=AT, draft=own.id, seen=seen(own))
    value = NewValue(CITY, DAY, None, "", BASIS, {"城镇": "900", "农村": "700"})
    draft = submitted(CITY_OFFICER, place=CITY, value=value, name="dibao_line")
    both = queries.draft_rulebooks(draft, *queries.places_reckoned(draft))
    assert both.place == COUNTY and both.effective_on == DAY and both.current.hash != both.drafted.hash
    actions.approve_draft(actor=CITY_LEADER, at=AT + timedelta(hours=1), draft=draft.id, seen=seen(draft))
    rulebook = queries.current(COUNTY, DAY)
    lines = {v.key: str(v.value) for v in rulebook.parameters["dibao_line"].values if v.from_on == DAY}
    assert lines == {"城镇": "900", "农村": "700"} and figure(COUNTY, DAY) == "30"


def test_a_draft_on_an_older_edition_is_renewed_first() -> None:
    in_force()
    first, second = drafted(), drafted(value=months("40"))
    with_impact(first)
    actions.submit_draft(actor=OFFICER, at=AT, draft=first.id, seen=seen(first))
    actions.approve_draft(actor=LEADER, at=AT, draft=first.id, seen=seen(first))
    with_impact(second)
    with pytest.raises(Stale):
        actions.submit_draft(actor=OFFICER, at=AT, draft=second.id, seen=seen(second))
    with pytest.raises(Refused) as caught:
        actions.renew_draft(actor=OFFICER, at=AT, draft=second.id)
    assert caught.value.code == "rulebook.both_changed"


def test_a_draft_opened_twice_is_not_overwritten_unseen() -> None:
    in_force()
    draft = drafted()
    seen = draft.digest
    actions.set_value(actor=OFFICER, at=AT, draft=draft.id, parameter="car_limit", value=months("1"), expected=seen)
    with pytest.raises(Stale):
        actions.set_value(actor=OFFICER, at=AT, draft=draft.id, parameter="car_limit", value=months("2"), expected=seen)


def test_an_approval_is_of_the_title_and_the_reason_as_they_were_seen() -> None:
    in_force()
    draft = submitted()
    texts = {draft.digest}
    actions.withdraw_draft(actor=OFFICER, at=AT, draft=draft.id)
    for title, reason in (("另一件事", ""), ("另一件事", "没人看过的理由")):
        said = {"title": title, "past_reason": reason}
        texts.add(actions.set_day(actor=OFFICER, at=AT, draft=draft.id, effective_on=DAY, **said).digest)
    assert len(texts) == 3
    with_impact(draft)
    now = actions.submit_draft(actor=OFFICER, at=AT, draft=draft.id, seen=seen(draft))
    for older in texts - {now.digest}:
        with pytest.raises(Stale):
            actions.approve_draft(actor=LEADER, at=AT, draft=draft.id, seen=older)


def test_a_draft_without_changes_is_not_submitted() -> None:
    in_force()
    draft = actions.open_draft(actor=OFFICER, at=AT, place=COUNTY, title="无")
    actions.set_day(actor=OFFICER, at=AT, draft=draft.id, title="无", effective_on=DAY)
    with pytest.raises(Refused) as caught:
        actions.submit_draft(actor=OFFICER, at=AT, draft=draft.id, seen=seen(draft))
    assert caught.value.code == "rulebook.nothing_changed"


def test_a_figure_is_written_into_the_file_that_has_it() -> None:
    in_force()
    draft = actions.open_draft(actor=OFFICER, at=AT, place=COUNTY, title="x")
    held = draft.files["parameters.yaml"]
    apart = held[held.index("  car_limit:") : held.index("  home_limit:")]
    for name, text in (("parameters.yaml", held.replace(apart, "")), ("sample.yaml", "parameters:\n" + apart)):
        actions.write_file(actor=OFFICER, at=AT, draft=draft.id, name=name, text=text)
    made = actions.set_value(actor=OFFICER, at=AT, draft=draft.id, parameter="car_limit", value=months("2"))
    assert "value: 2" in made.files["sample.yaml"] and "  car_limit:" not in made.files["parameters.yaml"]


def test_an_impact_that_could_not_be_worked_out_is_no_impact_of_nobody() -> None:
    in_force()
    draft = drafted()
    actions.ask_impact(actor=OFFICER, at=AT, draft=draft.id)
    failed = {"problem": {"zh": "没有数据。", "en": "No data."}}
    actions.record_impact(actor=Actor.system(), draft_id=str(draft.id), impact=failed, at=AT)
    actions.submit_draft(actor=OFFICER, at=AT, draft=draft.id, seen=seen(draft))
    with pytest.raises(Malformed) as refused:
        actions.approve_draft(actor=LEADER, at=AT, draft=draft.id, seen=seen(draft))
    assert refused.value.code == "rulebook.impact_failed"
    assert (
        actions.approve_draft(actor=LEADER, at=AT, draft=draft.id, seen=seen(draft), note="试点前没有数据。").note
        == "试点前没有数据。"
    )


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({"counties": [{"key": "990101", "errors": 0}, {"key": "990102", "problem": {"zh": "没有数据。"}}]}, "1 个县"),
        ({"errors": 3}, "3 户"),
        ({"counties": [{"key": "990101", "errors": 2}]}, "2 户"),
    ],
)
def test_a_yes_needs_a_reason_while_a_county_or_a_household_is_not_known(lacking: dict[str, Any], said: str) -> None:
    in_force()
    draft = drafted()
    actions.ask_impact(actor=OFFICER, at=AT, draft=draft.id)
    found = {"households": 4, "changed": 1, "errors": 0, **lacking}
    actions.record_impact(actor=Actor.system(), draft_id=str(draft.id), impact=found, at=AT)
    actions.submit_draft(actor=OFFICER, at=AT, draft=draft.id, seen=seen(draft))
    with pytest.raises(Malformed) as refused:
        actions.approve_draft(actor=LEADER, at=AT, draft=draft.id, seen=seen(draft), note="  ")
    assert refused.value.code == "rulebook.impact_failed" and said in str(refused.value.message)
    assert actions.approve_draft(actor=LEADER, at=AT, draft=draft.id, seen=seen(draft), note="以后补算。").note


def test_all_that_a_draft_changes_is_in_force_from_the_day_of_its_last_figure() -> None:
    in_force()
    draft = drafted()
    assert queries.draft_rulebooks(draft, COUNTY).all_in_force_on == DAY
    later = DAY + timedelta(days=60)
    actions.set_value(
        actor=OFFICER, at=AT, draft=draft.id, parameter="financial_asset_months", value=replace(months(), from_on=later)
    )
    books = queries.draft_rulebooks(Draft.objects.get(pk=draft.id), COUNTY)
    assert (books.effective_on, books.all_in_force_on) == (DAY, later)
