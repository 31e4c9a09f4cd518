"""Answers that race for one quota: as many are given as were agreed, each counted, each of the others on record."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from django.db import connections, transaction

from doudi.audit.models import Entry
from doudi.core.actor import Actor
from doudi.core.clock import today
from doudi.exchange.actions.allowing import Exhausted, use_quota
from doudi.exchange.models import Allowance, Use
from doudi.exchange.queries import products
from doudi.lib.working_days import SHANGHAI
from tests.exchange.calling import Caller, token_of
from tests.exchange.conftest import IN, OUT, build

AT_ONCE, ROUNDS, AGREED = 6, 2, 5
QUOTA = "calls_a_minute: 120, calls_a_day: 5000"


def set_quota(policy: Path, quota: str) -> None:
    path = policy / "products" / "dibao_today.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(QUOTA, quota), encoding="utf-8")


def noon() -> datetime:
    return datetime.combine(today(), time(12), SHANGHAI)


@pytest.mark.parametrize("quota", ["calls_a_minute: 5, calls_a_day: 5000", "calls_a_minute: 120, calls_a_day: 5"])
def test_no_more_are_answered_than_were_agreed(
    own_database: str, policy: Path, monkeypatch: pytest.MonkeyPatch, quota: str
) -> None:
    build()
    set_quota(policy, quota)
    monkeypatch.setattr("doudi.exchange.api.now", noon)
    tokens = [token_of("medical_insurance", "dibao_today") for _ in range(2)]
    together = threading.Barrier(AT_ONCE)

    def ask(which: int) -> list[int]:
        caller = Caller(tokens[which % 2])
        try:
            found = []
            for _ in range(ROUNDS):
                together.wait(30)
                found.append(caller.ask((IN, OUT)[which % 2]).status_code)
            return found
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = sorted(status for found in pool.map(ask, range(AT_ONCE)) for status in found)
    assert told == [200] * AGREED + [429] * (AT_ONCE * ROUNDS - AGREED)
    held = Allowance.objects.get()
    assert (held.calls, held.persons, held.calls_in_minute) == (AGREED, AGREED, AGREED)
    assert Use.objects.exclude(outcome="refused").count() == AGREED
    noted = Entry.objects.filter(verb="exchange.answer")
    assert noted.filter(outcome="done").count() == AGREED
    assert noted.filter(outcome="refused").count() == AT_ONCE * ROUNDS - AGREED


@pytest.mark.django_db
def test_a_call_that_waited_over_the_end_of_a_minute_gives_nobody_a_second_quota(policy: Path) -> None:
    """It took its time before it got the lock; the calls of the minute that has begun meanwhile stay counted."""
    set_quota(policy, "calls_a_minute: 2, calls_a_day: 5000")
    product, actor = products()["dibao_today"], Actor("x", "x", "service", "990101", "medical_insurance")
    before, begun = noon() - timedelta(seconds=1), noon()

    def use(at: datetime) -> bool:
        try:
            with transaction.atomic():
                use_quota(actor, product, at, 1)
        except Exhausted:
            return False
        return True

    assert [use(at) for at in (begun, begun, before, begun)] == [True, True, False, False]
    assert use(begun + timedelta(minutes=1))
