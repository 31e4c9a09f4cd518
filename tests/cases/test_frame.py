"""What cases puts into the frame: work for each role with its term, the family's applications, the navigation."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from doudi.cases.actions import accept_application, propose_opinion
from doudi.cases.logic.term import clock_of
from doudi.cases.models import Application
from doudi.cases.panels import FamilyApplications, entries, family_applications
from doudi.cases.worklist import work
from doudi.core.actor import Actor
from doudi.core.holidays import HOLIDAYS
from tests.cases.conftest import APPLIED, AT, ELSEWHERE, County, staff

pytestmark = pytest.mark.django_db


def numbers(actor: Actor) -> list[str]:
    return [item.key for item in work(actor, APPLIED)]


def test_work_goes_to_whoever_takes_the_next_step(
    assessed: Callable[..., Application], entered: Callable[..., Application], handler: Actor, reviewer: Actor
) -> None:
    assessed(number="A1")
    entered(number="A2")
    assert numbers(staff("registrar")) == ["cases:A2"]
    assert set(numbers(handler)) == {"cases:A1", "cases:A2"}
    assert numbers(reviewer) == [] == numbers(staff("handler", ELSEWHERE)) == numbers(staff("auditor"))


def test_a_proposed_opinion_waits_for_another_reviewer(
    assessed: Callable[..., Application], handler: Actor, reviewer: Actor
) -> None:
    made = assessed()
    propose_opinion(actor=handler, at=AT, application=made.id, agrees=True)
    assert numbers(reviewer) == [f"cases:{made.number}"] == numbers(staff("township_leader"))
    own = Actor(handler.account_id, handler.name, "reviewer", handler.area)
    assert numbers(own) == []
    assert [item.count for item in entries(reviewer)] == [1]


def test_work_is_due_when_the_working_days_run_out(entered: Callable[..., Application], handler: Actor) -> None:
    made = entered()
    assert [item.due_on for item in work(handler, APPLIED)] == [None]
    accept_application(actor=handler, at=AT, application=made.id, on=APPLIED)
    assert [item.due_on for item in work(handler, APPLIED)] == [datetime.date(2026, 8, 25)]


def test_the_clock_counts_from_the_day_after_acceptance() -> None:
    accepted = datetime.date(2026, 7, 14)
    clock = clock_of(accepted, accepted, HOLIDAYS)
    assert clock is not None and (clock.nth, clock.left, clock.tone) == (0, 30, "ok")
    clock = clock_of(accepted, datetime.date(2026, 7, 29), HOLIDAYS)
    assert clock is not None and (clock.nth, clock.left) == (11, 19)
    clock = clock_of(accepted, datetime.date(2026, 8, 20), HOLIDAYS)
    assert clock is not None and clock.tone == "soon"
    clock = clock_of(accepted, datetime.date(2026, 8, 26), HOLIDAYS)
    assert clock is not None and (clock.tone, clock.over) == ("late", 1)
    clock = clock_of(datetime.date(2026, 12, 20), datetime.date(2026, 12, 21), HOLIDAYS)
    assert clock is not None and not clock.is_certain
    assert clock_of(None, accepted, HOLIDAYS) is None


def test_a_familys_page_lists_its_applications(county: County, entered: Callable[..., Application]) -> None:
    made = entered()
    assert made.register_household_id is not None
    for household in (made.household_id, made.register_household_id):
        (panel,) = family_applications(staff("handler"), household, APPLIED)
        assert isinstance(panel.data, FamilyApplications)
        assert [row.number for row, _clock in panel.data.lines] == [made.number]
    (panel,) = family_applications(staff("handler", ELSEWHERE), made.household_id, APPLIED)
    assert isinstance(panel.data, FamilyApplications) and panel.data.lines == ()
