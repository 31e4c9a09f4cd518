"""What is approved is what holds: a revert on the same day, above and below, and two approvals at once."""

from __future__ import annotations

import threading
from contextvars import copy_context
from datetime import date, datetime, timedelta

import pytest
from django.db import connections, transaction

from doudi.core.actor import Actor
from doudi.core.errors import Refused, Stale
from doudi.rulebook import actions, queries
from doudi.rulebook.logic.standards import in_force as value_in_force
from doudi.rulebook.logic.yaml_text import NewValue
from doudi.rulebook.models import Draft
from tests.rulebook.drafting import (
    AT,
    BASIS,
    CITY,
    CITY_LEADER,
    CITY_OFFICER,
    COUNTY,
    DAY,
    LEADER,
    in_force,
    months,
    seen,
    submitted,
)

HOUR = timedelta(hours=1)


def figure(place: str, on: date, name: str = "financial_asset_months") -> str:
    value = value_in_force(queries.current(place, on).parameters[name].values, place, "", on)
    assert value is not None
    return str(value.value)


def approved(actor: Actor, draft: Draft, at: datetime) -> None:
    actions.approve_draft(actor=actor, at=at, draft=draft.id, seen=seen(draft))


@pytest.mark.django_db
def test_an_approved_revert_from_the_same_day_holds() -> None:
    in_force()
    seen = []
    for number, value in enumerate(("30", "48", "30")):
        approved(LEADER, submitted(value=months(value)), AT + number * HOUR)
        seen.append(figure(COUNTY, DAY))
    assert seen == ["30", "48", "30"]


@pytest.mark.django_db
def test_a_revert_above_from_the_same_day_holds_below() -> None:
    in_force()
    approved(LEADER, submitted(), AT)
    seen = []
    for number, line in enumerate(("900", "950", "900"), start=1):
        value = NewValue(CITY, DAY, None, "", BASIS, {"城镇": line, "农村": "700"})
        draft = submitted(CITY_OFFICER, place=CITY, value=value, name="dibao_line")
        approved(CITY_LEADER, draft, AT + number * HOUR)
        values = queries.current(COUNTY, DAY).parameters["dibao_line"].values
        seen += [str(v.value) for v in values if (v.key, v.from_on) == ("城镇", DAY)]
    assert seen == ["900", "950", "900"] and figure(COUNTY, DAY) == "30"


@pytest.mark.django_db
def test_an_approval_that_would_not_hold_is_refused_aloud() -> None:
    in_force()
    approved(LEADER, submitted(), AT)
    draft = submitted(value=months("48"))
    with pytest.raises(Refused) as caught:
        approved(LEADER, draft, AT - HOUR)
    assert caught.value.code == "rulebook.not_in_force"


def test_of_two_drafts_approved_at_once_none_is_lost(own_database: str) -> None:
    in_force()
    first = submitted(value=months("30"))
    second = submitted(value=NewValue(COUNTY, DAY, None, "2", BASIS), name="home_limit")
    approved_one, told = threading.Event(), []

    def one() -> None:
        with transaction.atomic():
            approved(LEADER, first, AT)
            approved_one.set()
            waiting.wait(2)
        connections.close_all()

    def two() -> None:
        try:
            approved(LEADER, second, AT + HOUR)
        except Stale as error:
            told.append(error.code)
        finally:
            waiting.set()
            connections.close_all()

    waiting = threading.Event()
    # a thread begins without a context: it acts for nobody
    threads = [threading.Thread(target=copy_context().run, args=(each,)) for each in (one, two)]
    threads[0].start()
    assert approved_one.wait(60)
    threads[1].start()
    for thread in threads:
        thread.join(60)
    assert told == ["rulebook.base_changed"] and figure(COUNTY, DAY) == "30"
    assert Draft.objects.get(pk=second.id).state == "submitted"
