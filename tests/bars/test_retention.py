"""P-01: on the day something is due it goes, exactly that, and the log says so; what is held stays; digests stay."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from doudi.audit.models import DigestSalt, Entry
from doudi.cases.actions import save_draft
from doudi.cases.logic.wizard import Answers, to_data
from doudi.cases.models import Application, Assessment, CourseStep, Draft
from doudi.cases.queries.ended import ended_by
from doudi.core.actor import Actor
from doudi.keeping.actions import erase_due, erasing, lift_hold, place_hold
from doudi.keeping.logic.duties import Due, duties
from doudi.keeping.logic.rules import Rule, RulesError
from doudi.keeping.queries import held as held_now
from doudi.keeping.queries import rules
from doudi.lib.months import add_months
from doudi.registry.models import Declaration, Label, PersonKey
from doudi.registry.queries import persons_by_keys
from doudi.site.columns_of_others import TABLES
from doudi.site.database import acting_as
from doudi.sources.models import LakeFile, QuarantinedRow
from doudi.sources.places import lake_folder
from doudi.verification.models import Check
from tests.bars.conftest import Bar
from tests.bars.seeding import DEMO
from tests.cases.conftest import staff
from tests.flows.running import AT, run_folder
from tests.site.test_personal_columns import declared, in_database

DAY = datetime.date(2026, 7, 20)


@pytest.fixture
def house(own_database: str, home: Path) -> Iterator[None]:
    """The demo county with its applications closed on different days, worked on as `work`: the role of the job."""
    run_folder(DEMO)
    with acting_as("migrate", home), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_course_step DISABLE TRIGGER USER")
    with acting_as("work", home):
        for place, row in enumerate(Application.objects.order_by("number")):
            row.state = "returned"
            row.save(update_fields=["state"])
            Label.objects.filter(household=row.household_id, to_on=None).update(to_on=DAY)
            CourseStep.objects.filter(application=row).update(on=DAY + timedelta(days=place))
        yield


def _at(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(3), datetime.UTC)


def _rule(name: str) -> Rule:
    return next(rule for rule in rules() if rule.name == name)


def _run(day: datetime.date, *, dry_run: bool = False) -> dict[str, tuple[int, int]]:
    done = erase_due(actor=Actor.system(), at=_at(day), today=day, dry_run=dry_run)
    return {one.rule: (one.erased, one.held) for one in done}


def _with_inputs() -> set[object]:
    """Applications whose proposals still have what they were made from."""
    return set(Assessment.objects.filter(inputs_enc__isnull=False).values_list("application_id", flat=True))


@pytest.mark.bar(
    "P-01", "retention: exactly what is due goes on its day, a hold keeps, deletions are on record, digests stay"
)
def test_exactly_what_is_due_goes_on_its_day(bar: Bar, house: None) -> None:
    months = _rule("decision_inputs").months
    assert months is not None
    kept = [
        one for one in ended_by(DAY + timedelta(days=4_000)) if Assessment.objects.filter(application=one.id).exists()
    ]
    kept.sort(key=lambda one: (one.ended_on, one.number))
    digests = dict(Assessment.objects.values_list("id", "inputs_digest"))
    held = kept[1]
    hold = place_hold(
        actor=staff("county_leader", "990101"), at=AT, kind="application", subject=held.id, reason="行政复议"
    )
    spared = {one.id for one in kept if held_now().intersection(one.subjects())}
    checked = 0
    for one in kept[: bar.size(2, len(kept))]:
        due = add_months(one.ended_on, months)
        for day in (due - timedelta(days=1), due):
            wanted = {each.id for each in kept if each.id in spared or add_months(each.ended_on, months) > day}
            before = _with_inputs()
            would = _run(day, dry_run=True)
            assert _with_inputs() == before, "a dry run erases nothing"
            assert _run(day)["decision_inputs"] == would["decision_inputs"]
            assert _with_inputs() == wanted
        checked += 1
    last = add_months(kept[-1].ended_on, months)
    _run(last)
    assert _with_inputs() == spared >= {held.id}
    lift_hold(actor=staff("county_leader", "990101"), at=AT, hold=hold.id, reason="复议已结束")
    _run(last)
    left = Assessment.objects.filter(inputs_enc__isnull=False).count()
    recorded = Entry.objects.filter(verb="keeping.erase")
    counted = sum(entry.count or 0 for entry in recorded)
    bar.says(f"{checked} due days exact, {counted} things erased on record, {left} left over, 1 hold kept and lifted")
    assert left == 0
    assert dict(Assessment.objects.values_list("id", "inputs_digest")) == digests, "a digest is never deleted"
    assert not Check.objects.exclude(application="").filter(inputs_enc__isnull=False).exists()
    assert not Declaration.objects.exclude(application="").exists()
    assert recorded.exists() and all(entry.content_digest and entry.reason for entry in recorded)
    assert not DigestSalt.objects.filter(
        entry_id__in=Entry.objects.filter(at__lt=_at(last) - timedelta(days=2_000)).values("id")
    ).exists()


@pytest.mark.django_db
def test_a_draft_goes_after_thirty_days_and_not_a_day_before(registrar_draft: Draft) -> None:
    last_day = registrar_draft.saved_at.date() + timedelta(days=_rule("drafts").days or 0)
    duty = next(one for one in duties.collect() if one.rule == "drafts")
    early = _rule("drafts").last_due_moment(last_day - timedelta(days=1))
    late = _rule("drafts").last_due_moment(last_day)
    assert early is not None and late is not None
    assert [one.key for one in duty.due(early, last_day)] == []
    assert [one.key for one in duty.due(late, last_day)] == [str(registrar_draft.id)]


@pytest.fixture
def registrar_draft(db: None) -> Draft:
    return save_draft(actor=staff("registrar"), at=_at(DAY), draft=None, answers=to_data(Answers()))


@pytest.mark.django_db
def test_every_table_with_people_in_it_has_a_rule() -> None:
    """Discovered from the declarations beside the models; a rule that erases has somebody to carry it out."""
    named = {table for rule in rules() for table in rule.tables}
    there = in_database()
    with_people = {table for table, own in declared().items() if own.holds_people and table in there}
    assert with_people <= named, f"say in policy/retention.yaml how long {sorted(with_people - named)} are kept"
    assert named <= set(there) | set(TABLES), sorted(named - set(there))
    carried = {duty.rule for duty in duties.collect()}
    assert {rule.name for rule in rules() if rule.action != "keep"} == carried


def test_without_its_rules_nothing_is_erased(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "POLICY", tmp_path)
    with pytest.raises(RulesError):
        rules()
    (tmp_path / "retention.yaml").write_text("rules: [{name: x}]", encoding="utf-8")
    with pytest.raises(RulesError):
        rules()


def test_a_changed_file_of_the_lake_stops_its_own_rule_and_no_other(house: None) -> None:
    far = DAY + timedelta(days=4_000)
    file = LakeFile.objects.order_by("feed").last()
    assert file is not None
    path = lake_folder(file.feed) / file.file_name
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    done = {one.rule: one for one in erase_due(actor=Actor.system(), at=_at(far), today=far)}
    assert done["lake"].failed == "sources.file_changed" and done["lake"].erased == 0
    assert {name for name, one in done.items() if one.failed} == {"lake"} and done["decision_inputs"].erased > 0
    refused = Entry.objects.get(verb="keeping.erase", outcome="refused")
    assert refused.reason == "sources.file_changed"
    path.write_bytes(whole)
    again = {one.rule: one for one in erase_due(actor=Actor.system(), at=_at(far), today=far)}
    assert again["lake"].failed == "" and again["lake"].erased > 0
    assert sum(row.rows for row in LakeFile.objects.all()) == 0


def test_what_was_set_aside_about_somebody_under_a_hold_stays(house: None) -> None:
    """A row of a delivery that was put into quarantine goes with its time, but not that of a person under a hold."""
    row, key = QuarantinedRow.objects.order_by("id")[0], PersonKey.objects.order_by("key")[0]
    QuarantinedRow.objects.filter(pk=row.pk).update(person_key=key.key)
    person = persons_by_keys([key.key])[key.key]
    place_hold(actor=staff("county_leader", "990101"), at=AT, kind="person", subject=person, reason="行政复议")
    far = DAY + timedelta(days=4_000)
    erase_due(actor=Actor.system(), at=_at(far), today=far)
    assert [one.pk for one in QuarantinedRow.objects.all()] == [row.pk]


def test_a_hold_placed_while_a_run_is_under_way_still_keeps(house: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hold comes after what is due was listed, and before it is erased."""
    months, placed = _rule("decision_inputs").months, []
    assert months is not None
    batches = erasing._batches

    def late(due: Iterable[Due]) -> Iterator[list[Due]]:
        listed = list(due)
        if not placed and (mine := _with_inputs()):
            one = next(each for each in ended_by(DAY + timedelta(days=4_000)) if each.id in mine)
            actor = staff("county_leader", "990101")
            placed.append(place_hold(actor=actor, at=AT, kind="application", subject=one.id, reason="行政复议"))
        yield from batches(listed)

    monkeypatch.setattr(erasing, "_batches", late)
    far = DAY + timedelta(days=4_000)
    erase_due(actor=Actor.system(), at=_at(far), today=far)
    assert {str(one) for one in _with_inputs()} >= {str(placed[0].subject)}
