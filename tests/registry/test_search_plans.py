"""What searches read right after a load: in a database of their own, where no other test left pages behind."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.core.actor import Actor
from doudi.registry.actions import form_hukou_households, refresh_statistics, register_people
from doudi.registry.actions.upkeep import MANY
from doudi.registry.logic.newcomers import NewHousehold, NewPerson
from doudi.registry.queries import search
from tests.registry.conftest import AT, DAY, number


@pytest.mark.parametrize("told", [False, True])
def test_a_search_reads_by_key_whatever_the_planner_believes(own_database: str, told: bool) -> None:
    """Right after a load the tables are empty to the planner, until they are counted; nothing is read end to end."""
    actor = Actor.system()
    people = [NewPerson(number("19500101", n), "王建国", area_code="990101001001") for n in range(1, 601)]
    ids = register_people(actor=actor, at=AT, people=people).ids
    families = [
        NewHousehold(f"YX{n:06}", "990101001001", ids[one.number], ((ids[one.number], "户主"),))
        for n, one in enumerate(people)
    ]
    form_hukou_households(actor=actor, at=AT, households=families, on=DAY, origin="gongan_huji")
    if told:
        refresh_statistics(MANY)
        assert _rows_believed("registry_person") == len(people)
    for text in (people[7].number, "YX000007"):
        with CaptureQueriesContext(connection) as captured:
            assert [hit.person_id for hit in search(text, actor)] == [ids[people[7].number]]
        assert sum(_read(query["sql"]) for query in captured.captured_queries) < len(people)
    with CaptureQueriesContext(connection) as captured:
        assert len(search("王建", actor)) == 50
    assert sum(_read(query["sql"]) for query in captured.captured_queries) < 12 * len(people)


@pytest.mark.django_db
def test_a_small_load_is_left_to_the_database() -> None:
    with CaptureQueriesContext(connection) as captured:
        refresh_statistics(MANY - 1)
    assert not captured.captured_queries


def _rows_believed(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        return int(cursor.fetchone()[0])


def _read(statement: str) -> int:
    """Pages a statement reads, from memory or not."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}")
        plan = cursor.fetchone()[0]
    top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])
