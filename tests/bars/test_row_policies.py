"""S-02, S-03, A-07: what the database itself refuses, whatever the application asks."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, connections
from django.test import Client
from psycopg import sql

from doudi.core.postgresql.base import telling
from doudi.core.row_context import EVERYWHERE, Bounds, bounds_of
from doudi.core.row_walls import reason_of
from doudi.keeping.queries import rules
from doudi.site.postgres import Cluster
from tests.bars.conftest import Bar
from tests.bars.world import HOME, NEIGHBOUR, OTHER_COUNTY, build
from tests.cases.signing_in import signed_in
from tests.registry.conftest import actor_of

PUBLIC = {
    "rulebook_draft": "state <> 'published'",
    "rulebook_approval": "draft_id NOT IN (SELECT id FROM rulebook_draft WHERE state = 'published')",
}
"""What became law is for everybody: those rows are no leak."""
ONLY_PUBLIC = {"rulebook_approval"}
"""Whose rows are all of what became law."""
ROLES = ("web", "work", "read")
LOG = ("audit_entry", "audit_subject")
"""Read by who reads the log, of whatever area; by nobody else, of no area."""
HAVE_ROWS = ("neighbour", "other county")
"""Who have rows of their own: what counts is those of the home township."""


@contextmanager
def as_role(cluster: Cluster, role: str, database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(
        host=str(cluster.socket_folder()), dbname=database, user=role, password=cluster.password(role), autocommit=True
    ) as other:
        yield other


def protected_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relrowsecurity ORDER BY relname")
        return [name for (name,) in cursor.fetchall()]


def rows_seen(other: psycopg.Connection[Any], table: str, bounds: Bounds | None) -> set[str]:
    """Ids of the rows of a table for a context."""
    with other.transaction(force_rollback=True):
        told(other, bounds)
        statement = f'SELECT id::text FROM "{table}" WHERE {PUBLIC.get(table, "true")}'
        return {key for (key,) in other.execute(statement).fetchall()}  # type: ignore[arg-type]


def told(other: psycopg.Connection[Any], bounds: Bounds | None) -> None:
    if bounds is not None:
        other.execute(telling(bounds))


@pytest.mark.bar("S-02", "raw SQL of web, work and read sees no row of another area, and none without a context")
def test_raw_sql_sees_nothing_of_other_areas(
    own_database: str, cluster: Cluster, bar: Bar, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(monkeypatch)
    tables = protected_tables()
    strangers = {
        "no context": None,
        "empty": Bounds("", ""),
        "neighbour": bounds_of(actor_of(NEIGHBOUR)),
        "other county": bounds_of(actor_of(OTHER_COUNTY)),
        "nowhere": Bounds("980000", "980001"),
    }
    leaks, empty, tried = [], [], 0
    for role in ROLES:
        with as_role(cluster, role, own_database) as other:
            for table in tables:
                home = bounds_of(actor_of(HOME))
                own = rows_seen(other, table, replace(home, log=table in LOG))
                if table in LOG:
                    assert not rows_seen(other, table, home), "not even by the township itself"
                empty += [table] * (not own)
                assert own <= rows_seen(other, table, EVERYWHERE)
                for name, bounds in strangers.items():
                    tried += 1
                    seen = rows_seen(other, table, bounds)
                    found = seen & own if name in HAVE_ROWS else seen
                    leaks += [f"{role} {table} {name}: {len(found)}"] * bool(found)
    bar.says(f"{len(leaks)} leaks in {tried} tries over {len(tables)} tables, 3 roles")
    assert not sorted(set(empty) - ONLY_PUBLIC), "no row of these in tests/bars/world.py: nothing was tried on them"
    assert not leaks


@pytest.mark.bar("S-02", "raw SQL of web, work and read sees no row of another area, and none without a context")
def test_raw_sql_changes_nothing_of_other_areas(
    own_database: str, cluster: Cluster, bar: Bar, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(monkeypatch)
    reached = []
    for role in ("web", "work"):
        with as_role(cluster, role, own_database) as other:
            for table in protected_tables():
                for bounds in (None, Bounds("980000", "980001")):
                    with other.transaction(force_rollback=True):
                        told(other, bounds)
                        for verb in (f'UPDATE "{table}" SET id = id WHERE {PUBLIC.get(table, "true")}',
                                     f'DELETE FROM "{table}" WHERE {PUBLIC.get(table, "true")}'):  # fmt: skip
                            try:
                                with other.transaction():
                                    count = other.execute(verb).rowcount  # type: ignore[arg-type]
                            except psycopg.Error:
                                continue  # refused outright: better still
                            reached += [f"{role} {verb}"] * (count > 0)
    bar.says(f"{len(reached)} rows reached by UPDATE or DELETE")
    assert not reached


@pytest.mark.bar("A-07", "what was logged and decided is changed and removed by nobody")
def test_append_only_tables_refuse(
    own_database: str, cluster: Cluster, bar: Bar, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(monkeypatch)
    kept = {
        model._meta.db_table: model.append_only_but for model in apps.get_models() if hasattr(model, "append_only_but")
    }
    went, tried = [], 0
    for role, other in _every_writer(cluster, own_database):
        for table, free in kept.items():
            columns = [c.column for c in _model(table)._meta.concrete_fields if c.column not in free]
            for verb in (*_removing(table), *(f'UPDATE "{table}" SET "{c}" = "{c}"' for c in columns)):
                tried += 1
                went += [f"{role}: {verb}"] * _goes_through(other, verb)
    bar.says(f"{len(went)} of {tried} went through, over {len(kept)} tables and 4 roles")
    assert {"audit_entry", "cases_review", "rulebook_published", "keeping_hold", "exchange_use"} <= set(kept)
    assert not went


@pytest.mark.bar("A-07", "what was logged and decided is changed and removed by nobody")
def test_rows_are_removed_by_whom_their_table_says_and_nobody_else(
    own_database: str, cluster: Cluster, bar: Bar, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(monkeypatch)
    kept = {model._meta.db_table: model.removed_by for model in apps.get_models() if hasattr(model, "removed_by")}
    went, tried = [], 0
    for role, other in _every_writer(cluster, own_database):
        for table, roles in kept.items():
            for verb in _removing(table):
                tried += 1
                is_due = role in roles and verb.startswith("DELETE")
                went += [f"{role}: {verb}"] * (_goes_through(other, verb) != is_due)
    bar.says(f"{len(went)} of {tried} went otherwise than declared, over {len(kept)} tables and 4 roles")
    assert {"keeping_note", "cases_application"} <= set(kept)
    assert not went


def _every_writer(cluster: Cluster, database: str) -> Iterator[tuple[str, psycopg.Connection[Any]]]:
    """A connection of every role, the one that migrates as the tables' owner."""
    for role in ("web", "work", "migrate", "read"):
        with as_role(cluster, role, database) as other:
            if role == "migrate":
                other.execute('SET ROLE "owner"')
            yield role, other


def _removing(table: str) -> tuple[str, str]:
    return f'DELETE FROM "{table}"', f'TRUNCATE "{table}" CASCADE'


GOES = {"accounts_totp_secret": "the second factor of somebody who gets another one"}
"""Tables of rules that keep, whose rows may go all the same."""


@pytest.mark.bar("A-07", "what was logged and decided is changed and removed by nobody")
def test_what_retention_keeps_the_database_keeps(bar: Bar) -> None:
    """Discovered from policy/retention.yaml: what no rule ever erases says so beside its model."""
    keeps = {table for rule in rules() if rule.action == "keep" for table in rule.tables}
    models = {model._meta.db_table: model for model in apps.get_models()}
    says = {t for t, m in models.items() if hasattr(m, "append_only_but") or getattr(m, "removed_by", None) == ()}
    bar.says(f"{len(keeps - says)} of {len(keeps)} tables that are kept for good may lose rows: {sorted(keeps - says)}")
    assert keeps - says == set(GOES)


@pytest.mark.bar("A-07", "what was logged and decided is changed and removed by nobody")
def test_every_table_that_keeps_its_rows_is_declared(own_database: str, bar: Bar) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT class.relname FROM pg_trigger AS one JOIN pg_class AS class ON class.oid = one.tgrelid"
            " JOIN pg_proc AS called ON called.oid = one.tgfoid"
            " WHERE called.proname IN ('cases_kept', 'audit_refuse_change', 'core_kept', 'core_removed_by')"
            " OR one.tgname LIKE '%_append_only'"
        )
        guarded = {name for (name,) in cursor.fetchall()}
    declared = {
        m._meta.db_table for m in apps.get_models() if hasattr(m, "append_only_but") or hasattr(m, "removed_by")
    }
    bar.says(f"{len(guarded - declared)} guarded tables undeclared")
    assert not guarded - declared


def _model(table: str) -> Any:
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def _goes_through(other: psycopg.Connection[Any], verb: str) -> bool:
    try:
        with other.transaction(force_rollback=True):
            other.execute("SELECT set_config('doudi.lo', '', true), set_config('doudi.hi', 'z', true)")
            other.execute(sql.SQL(verb))  # type: ignore[arg-type]
    except psycopg.Error as error:
        assert not isinstance(error, psycopg.errors.SyntaxError), verb
        return False
    return True


USERS, POOL = 50, 2


@pytest.mark.bar("S-03", "pooled connections never carry one user's context to another's request")
def test_a_pool_of_two_never_mixes_areas(own_database: str, bar: Bar, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty users of fifty townships at once over two connections; every ninth request breaks off in the middle."""
    from tests.bars.townships import lay_out

    places = lay_out(USERS)
    clients = [(place, signed_in("handler", place.area)[0]) for place in places]
    _break_off(monkeypatch)
    for alias in ("default", "audit"):
        connections[alias].close()
    wrong: list[str] = []
    answered: list[int] = []
    each = bar.size(4, 200)
    with pooled(own_database):
        threads = [
            threading.Thread(target=_ask, args=(place, client, places, each, wrong, answered))
            for place, client in clients
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    broken = answered.count(500)
    bar.says(
        f"{len(wrong)} wrong in {len(answered)} requests of {USERS} users over {POOL} connections, {broken} broken off"
    )
    assert len(answered) == USERS * each and broken and answered.count(200)
    assert not wrong


@contextmanager
def pooled(name: str) -> Iterator[None]:
    """Both aliases over a pool of two connections each."""
    kept = {alias: dict(connections.databases[alias]) for alias in ("default", "audit")}
    for alias in kept:
        options = connections.databases[alias]["OPTIONS"] | {
            "pool": {"min_size": POOL, "max_size": POOL, "timeout": 60}
        }
        connections.databases[alias].update(OPTIONS=options, CONN_MAX_AGE=0)
    try:
        yield
    finally:
        for alias, settings in kept.items():
            connections[alias].close()
            opened = type(connections[alias])._connection_pools.pop(alias, None)
            if opened is not None:
                opened.close()
            connections.databases[alias].clear()
            connections.databases[alias].update(settings)


def _break_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some pages fail after they have read rows, some inside a transaction."""
    from django.db import transaction

    from doudi.desk import views
    from doudi.registry.models import Household

    whole = views.household_page
    chance = random.Random(7)

    def sometimes(household: Any, on: Any) -> Any:
        if chance.random() < 0.12:
            raise RuntimeError("broken off")
        if chance.random() < 0.12:
            with transaction.atomic():
                Household.objects.count()
                raise RuntimeError("broken off in a transaction")
        return whole(household, on)

    monkeypatch.setattr(views, "household_page", sometimes)


def _ask(place: Any, client: Client, places: list[Any], each: int, wrong: list[str], answered: list[int]) -> None:
    client.raise_request_exception = False
    dice = random.Random(place.area)
    for _ in range(each):
        other = dice.choice(places)
        address = dice.choice(
            [f"/households/{place.household}/", f"/households/{other.household}/", "/", "/cases/", "search"]
        )
        try:
            if address == "search":
                answer = client.post("/search/", {"q": place.name}, follow=True)
            else:
                answer = client.get(address)
            text = answer.content.decode()
            wrong += [f"{place.area} saw {p.name} at {address}" for p in places if p is not place and p.name in text]
            own = address == f"/households/{place.household}/" and answer.status_code == 200
            if own and place.name not in text:
                wrong.append(f"{place.area} did not see its own family")
            answered.append(answer.status_code)
        except Exception as error:  # a thread's failure would be silent
            wrong.append(f"{place.area}: {type(error).__name__} {error}")
            answered.append(0)
        finally:
            connections.close_all()


def test_reasons_are_reasons() -> None:
    assert all(len(reason_of(table)) > 15 for table in ("accounts_grant", "areas_area", "audit_leaf", "django_session"))
