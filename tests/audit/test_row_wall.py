"""The wall around the log in the database: everybody adds to it, its readers and the machine read it."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from doudi.accounts.logic.roles import PERMISSIONS
from doudi.audit.actions import record_act, record_look
from doudi.audit.models import Entry, EntrySubject
from doudi.audit.queries import entries_about, looks_of, looks_since
from doudi.core.actor import Actor
from doudi.core.row_context import LOG_READERS, acting, everywhere, reading_log
from tests.audit.keeping import AT, ZHOU

READER = Actor("account-7", "何静", "auditor", "990101", "audit", "supervise", "grant-7")
HOUSE = Actor("account-8", "何静", "audit_administrator", "", "", "", "grant-8")


def two_entries() -> None:
    """An act, and a look on the second connection."""
    record_act(actor=ZHOU, verb="cases.assess", subjects=[("application", "a1")], at=AT)
    record_look(actor=ZHOU, verb="desk.open_household", subjects=[("household", "h1")], at=AT)


def counted() -> tuple[int, int]:
    return Entry.objects.count(), EntrySubject.objects.count()


@pytest.mark.parametrize("who", [ZHOU, None], ids=["a handler", "nobody"])
def test_everybody_writes_and_only_readers_read(own_database: str, who: Actor | None) -> None:
    with acting(who):
        two_entries()
        assert counted() == (0, 0)
        with transaction.atomic():
            assert counted() == (0, 0)
    for reader in (READER, HOUSE, Actor.system()):
        with acting(reader):
            assert counted() == (2, 2), reader.role
    assert counted() == (2, 2), "the machine, around the test"


def test_raw_sql_finds_no_way_around(own_database: str) -> None:
    two_entries()
    with acting(ZHOU), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry JOIN audit_subject ON entry_id = audit_entry.id")
        assert cursor.fetchone() == (0,)
        cursor.execute("INSERT INTO audit_subject (entry_id, kind, subject) SELECT id, 'x', 'x' FROM audit_entry")
        assert cursor.rowcount == 0


def test_a_few_reads_are_open_to_others_and_shut_again(own_database: str) -> None:
    two_entries()
    since, until = AT.replace(hour=0), AT.replace(hour=23)
    with acting(ZHOU):
        assert looks_since(ZHOU.account_id, ["desk.open_household"], since) == 1
        assert len(looks_of(ZHOU.account_id, ZHOU.purpose, since, until)) == 2
        with reading_log("a test"):
            assert entries_about("application", ["a1"]).count() == 1
        assert not entries_about("application", ["a1"]).exists() and counted() == (0, 0)
    with acting(None), everywhere("nobody acts"):
        assert counted() == (0, 0)


def test_who_reads_the_log_is_what_the_access_policy_says() -> None:
    assert sorted(LOG_READERS) == sorted(PERMISSIONS["audit.read"])
