"""Whether the house is well: for machines without a word about anybody, for its keeper with what to do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, override_settings
from prometheus_client import CollectorRegistry, generate_latest

from doudi.accounts.logic.roles import ROLES
from doudi.core.health import PartState
from doudi.operations import remembered
from doudi.operations.logic.levels import LIMITS, worst
from doudi.operations.metrics import States
from doudi.operations.queries import states
from doudi.site.database import acting_as
from tests.cases.signing_in import signed_in

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _anew() -> None:
    remembered.forget()


@pytest.mark.parametrize(
    ("name", "figure", "level"),
    [
        ("disk", 50.0, "ok"), ("disk", 15.0, "warn"), ("disk", 5.0, "bad"), ("disk", None, "bad"),
        ("worker", 39.0, "ok"), ("worker", 40.0, "warn"),
        ("worker", 120.0, "bad"), ("backup", 25.9, "ok"), ("backup", 26.0, "warn"),
    ],
)  # fmt: skip
def test_levels(name: str, figure: float | None, level: str) -> None:
    assert LIMITS[name].level(figure) == level


def test_the_whole_is_as_its_worst_part() -> None:
    assert [worst([]), worst(["ok", "warn"]), worst(["warn", "bad", "ok"])] == ["ok", "warn", "bad"]


def test_machines_get_levels_and_nothing_else() -> None:
    answer = Client().get("/health/")
    told = json.loads(answer.content)
    assert set(told) == {"status", "parts"} and set(told["parts"].values()) <= {"ok", "warn", "bad"}
    assert {"disk", "database", "worker", "backup"} <= set(told["parts"])
    assert told["parts"]["worker"] == "bad" and answer.status_code == 503, "no worker runs here"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_living_worker_is_well() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    told = json.loads(Client().get("/health/").content)
    assert told["parts"]["worker"] == "ok"


def test_a_job_that_waits_is_seen() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES ('default', 'x', '{}', 'todo')"
        )
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '3 hours'")
    assert {state.name: state.level for state in states(AT)}["queue"] == "bad"


@pytest.mark.django_db(transaction=False)
def test_without_a_database_it_still_answers(home: Path) -> None:
    with acting_as("web", home, name="there_is_none"):
        found = {state.name: state for state in states(AT)}
    assert found["database"].level == "bad" and found["database"].advice
    assert "worker" not in found and found["disk"].figure


@pytest.mark.parametrize(("hours", "level"), [(None, "warn"), (2, "ok"), (30, "warn"), (100, "bad")])
def test_the_age_of_the_last_backup(tmp_path: Path, hours: int | None, level: str) -> None:
    (tmp_path / "wal").mkdir()
    if hours is not None:
        line = {"path": "x", "at": (AT - timedelta(hours=hours)).isoformat()}
        (tmp_path / "backups.json").write_text(json.dumps([line]))
    with override_settings(HOME=tmp_path):
        assert {state.name: state.level for state in states(AT)}["backup"] == level


@pytest.mark.parametrize("name", ["backups.json", "backups.json.unreadable"])
def test_a_list_of_backups_that_cannot_be_read_is_bad_and_not_never(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("[{")
    with override_settings(HOME=tmp_path):
        found = next(state for state in states(AT) if state.name == "backup")
    assert found.level == "bad" and "读不出来" in str(found.advice)


def test_a_lost_archive_is_bad(tmp_path: Path) -> None:
    (tmp_path / "backups.json").write_text(json.dumps([{"at": AT.isoformat()}]))
    with override_settings(HOME=tmp_path):
        assert {state.name: state.level for state in states(AT)}["backup"] == "bad"


def test_the_keeper_sees_figures_and_what_to_do() -> None:
    page = signed_in("system_administrator", "99")[0].get("/operations/")
    text = page.content.decode()
    assert page.status_code == 200 and "后台任务没有在运行" in text and "还没有备份过" in text


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"system_administrator"}))
def test_nobody_else_does(role: str) -> None:
    assert signed_in(role, "990101")[0].get("/operations/").status_code == 403


def test_asking_often_costs_nothing(django_assert_num_queries: pytest.FixtureRequest) -> None:
    client = Client()
    client.get("/health/")
    with django_assert_num_queries(0):  # type: ignore[operator]
        client.get("/health/")


def test_metrics_name_parts_and_nobody() -> None:
    registry = CollectorRegistry()
    registry.register(States([PartState("disk", "x", "warn", 12.0), PartState("worker", "x", "bad")]))
    lines = generate_latest(registry).decode().splitlines()
    assert 'doudi_part_level{part="disk"} 1.0' in lines and 'doudi_part_level{part="worker"} 2.0' in lines
    assert 'doudi_part_figure{part="disk"} 12.0' in lines
    assert not [line for line in lines if line.startswith('doudi_part_figure{part="worker"')]
