"""An event is announced in the transaction of what happened: undone with it, delivered once it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from doudi.core import events

AT = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
HEARD: list[dict[str, object]] = []


@dataclass(frozen=True, slots=True)
class ThingHappened(events.Event):
    thing: UUID
    on: date


def hear(**payload: object) -> None:
    HEARD.append(payload)


@pytest.fixture(autouse=True)
def subscribed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_SUBSCRIBERS", {})
    HEARD.clear()
    events.subscribe(ThingHappened, f"{__name__}.hear")
    events.subscribe(ThingHappened, f"{__name__}.hear")


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        row = cursor.fetchone()
        assert row
        return int(row[0])


def test_one_job_a_subscriber_in_the_same_transaction(own_database: str) -> None:
    before = jobs()
    with pytest.raises(RuntimeError), transaction.atomic():
        events.publish(ThingHappened(uuid4(), date(2026, 7, 1)), at=AT)
        assert jobs() == before + 1
        raise RuntimeError
    assert jobs() == before
    events.publish(ThingHappened(uuid4(), date(2026, 7, 1)), at=AT)
    assert jobs() == before + 1


def test_a_subscriber_gets_ids_and_values(own_database: str) -> None:
    thing = uuid4()
    events.deliver(f"{__name__}.hear", {"thing": str(thing), "on": "2026-07-01", "at": AT.isoformat()})
    assert [{"thing": str(thing), "on": "2026-07-01", "at": AT.isoformat()}] == HEARD


def test_without_subscribers_nothing_is_announced(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_SUBSCRIBERS", {})
    before = jobs()
    events.publish(ThingHappened(uuid4(), date(2026, 7, 1)), at=AT)
    assert jobs() == before


@pytest.mark.parametrize("task", ["os.system", "builtins.print", "doudi.core.events.publish"])
def test_a_job_of_what_nobody_subscribed_runs_nothing(task: str) -> None:
    with pytest.raises(LookupError):
        events.deliver(task=task, payload={"command": "true"})
