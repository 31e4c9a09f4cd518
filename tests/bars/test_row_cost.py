"""S-04: what row policies cost the pages people use all day: no plan without an index, and hardly any time."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doudi.core.actor import Actor
from doudi.core.postgresql import base
from doudi.core.row_context import acting
from doudi.site.postgres import Cluster
from tests.bars.conftest import Bar
from tests.bars.crowd import COUNTY, GIVEN, SURNAMES, TOWNSHIP, lay_out
from tests.bars.test_row_policies import LOG, as_role, protected_tables
from tests.cases.signing_in import signed_in
from tests.registry.conftest import number

DEAREST = 1.15
FEW = 5_000
"""Tables smaller than this are read whole, with or without policies."""


def pages(dice: random.Random) -> Iterator[tuple[str, dict[str, str]]]:
    """What is asked for all day: lists by page and state, one's work, people by name, part of a name and pinyin."""
    while True:
        name = dice.choice(SURNAMES) + dice.choice(GIVEN)
        yield "/cases/", {}
        yield "/search/", {"q": name}
        yield "/cases/", {"state": dice.choice(["accepted", "entered", "verified"]), "page": str(dice.randint(1, 4))}
        yield "/search/", {"q": name[1:]}
        yield "/", {}
        yield "/search/", {"q": dice.choice(["wangjianguo", "lixiu", "zhw", "chen"])}
        yield "/verification/", {}
        yield "/search/", {"q": number("19400101", dice.randint(1, 500))}
        yield "/search/", {"q": f"YX{dice.randint(0, 150) * 3:09}"}


def ask(client: Client, address: str, sent: dict[str, str]) -> float:
    """Seconds; a search is a POST and the page it leads to."""
    started = time.perf_counter()
    is_search = address == "/search/"
    answer = client.post(address, sent, follow=True) if is_search else client.get(address, sent)
    assert answer.status_code == 200
    return time.perf_counter() - started


@pytest.mark.bar("S-04", "row policies cost lists and searches at most 15 % at p95, and no plan its index")
def test_every_read_of_lists_and_searches_has_an_index(own_database: str, bar: Bar) -> None:
    people = bar.size(600, 300_000)
    lay_out(people)
    tables = set(protected_tables())
    whole, looked_at = [], 0
    for role, area in (("handler", TOWNSHIP), ("county_officer", COUNTY)):
        client, actor = signed_in(role, area)
        asked = pages(random.Random(3))
        with CaptureQueriesContext(connection) as captured:
            for _ in range(18):
                ask(client, *next(asked))
        statements = {q["sql"] for q in captured.captured_queries if q["sql"].startswith("SELECT")}
        for statement in sorted(statements):
            looked_at += 1
            whole += [f"{role}: {table}: {statement}" for table in _read_whole(statement, actor, tables, not bar.full)]
    bar.says(f"{len(whole)} of {looked_at} reads scan a protected table of {people} people")
    assert looked_at > 20
    assert not whole


def _read_whole(statement: str, actor: Actor, tables: set[str], without_scans: bool) -> list[str]:
    """Protected tables a plan reads from end to end. On a small table it is asked what it would do without scans."""
    with acting(actor), transaction.atomic(), connection.cursor() as cursor:
        if without_scans:
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
        plan = cursor.fetchone()[0]
    nodes = list(_nodes((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))
    found = [node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"]
    return [table for table in found if table in tables and (without_scans or _size(table) > FEW)]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)


def _size(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        return int(cursor.fetchone()[0])


@pytest.mark.bar("S-04", "row policies cost lists and searches at most 15 % at p95, and no plan its index")
def test_lists_and_searches_take_hardly_longer(
    own_database: str, cluster: Cluster, bar: Bar, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In turns with and without policies, the same questions; measured in the full form only."""
    if not bar.full:
        bar.says("time is measured in the full form")
        return
    lay_out(300_000)
    told = []
    for role, area in (("handler", TOWNSHIP), ("county_officer", COUNTY)):
        client, _actor = signed_in(role, area)
        times: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(8):
            walled = turn % 2 == 0
            with nullified(cluster, own_database, monkeypatch) if not walled else nullcontext():
                asked = pages(random.Random(turn // 2))
                for _ in range(9):
                    ask(client, *next(asked))
                times[walled] += [ask(client, *next(asked)) for _ in range(144)]
        with_, without = (statistics.quantiles(times[walled], n=20)[-1] for walled in (True, False))
        told.append((role, with_, without, statistics.median(times[True]), statistics.median(times[False])))
    figures = "; ".join(
        f"{role} p95 {with_ * 1000:.0f} ms with, {without * 1000:.0f} ms without ({with_ / without - 1:+.0%}), "
        f"median {middle / plain - 1:+.0%}"
        for role, with_, without, middle, plain in told
    )
    bar.says(f"300,000 people: {figures}")
    assert all(with_ / without <= DEAREST for _role, with_, without, *_medians in told)


@contextmanager
def nullified(cluster: Cluster, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No policies, and nothing told to the database."""
    switch(cluster, database, "DISABLE")
    with monkeypatch.context() as patch:
        patch.setattr(base, "bounds_now", lambda: None)
        try:
            yield
        finally:
            switch(cluster, database, "ENABLE")


def switch(cluster: Cluster, database: str, verb: str) -> None:
    if not SWITCHED:
        SWITCHED.extend(protected_tables())
    with as_role(cluster, "migrate", database) as other:
        for table in SWITCHED:
            other.execute("SET ROLE audit_owner" if table in LOG else 'SET ROLE "owner"')
            other.execute(f'ALTER TABLE "{table}" {verb} ROW LEVEL SECURITY')  # type: ignore[arg-type]


SWITCHED: list[str] = []
