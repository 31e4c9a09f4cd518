"""The log can only grow: whoever is connected as web, work, migrate or read cannot change it or take from it."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection, connections, transaction

from doudi.audit.actions import record_act, record_look
from doudi.audit.models import Entry, EntrySubject
from doudi.core.actor import Actor
from doudi.site.postgres import Cluster

AT = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
CHANGES = [
    "UPDATE audit_entry SET verb = 'x'",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "UPDATE audit_subject SET subject = 'x'",
    "DELETE FROM audit_subject",
    "TRUNCATE audit_subject",
]


def _connect(cluster: Cluster, role: str, database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=str(cluster.socket_folder()), dbname=database, user=role, password=cluster.password(role), autocommit=True
    )


@pytest.mark.parametrize("role", ["web", "work", "migrate", "read"])
def test_no_role_changes_or_removes_an_entry(own_database: str, cluster: Cluster, role: str) -> None:
    record_act(actor=Actor.system(), verb="test.act", subjects=[("household", "h")], at=AT)
    with _connect(cluster, role, own_database) as other:
        for change in CHANGES:
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
                other.execute(change)  # type: ignore[arg-type]
    assert Entry.objects.get().verb == "test.act" and EntrySubject.objects.get().subject == "h"


@pytest.mark.parametrize("acts_as", ["owner", "audit_owner"])
def test_not_even_the_tables_own_owner_does(own_database: str, cluster: Cluster, acts_as: str) -> None:
    record_act(actor=Actor.system(), verb="test.act", subjects=[], at=AT)
    with _connect(cluster, "migrate", own_database) as other:
        other.execute(f"SET ROLE {acts_as}")  # type: ignore[arg-type]
        for change in CHANGES:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                other.execute(change)  # type: ignore[arg-type]


def test_web_cannot_take_the_triggers_off(own_database: str, cluster: Cluster) -> None:
    for statement in (
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL", "DROP TABLE audit_entry", "DROP FUNCTION audit_refuse_change()",
        "SET session_replication_role = replica", "SET ROLE audit_owner",
    ):  # fmt: skip
        with _connect(cluster, "web", own_database) as other, pytest.raises(psycopg.errors.InsufficientPrivilege):
            other.execute(statement)  # type: ignore[arg-type]


def test_an_act_goes_with_its_transaction_and_a_look_stays(own_database: str) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        record_act(actor=Actor.system(), verb="test.act", subjects=[], at=AT)
        record_look(actor=Actor.system(), verb="test.look", subjects=[("person", "p")], at=AT)
        raise RuntimeError
    assert list(Entry.objects.values_list("verb", flat=True)) == ["test.look"]
    assert EntrySubject.objects.get().subject == "p"


def test_looks_are_written_on_a_connection_of_their_own(own_database: str) -> None:
    assert connections["audit"] is not connection
    assert connections["audit"].get_autocommit()
