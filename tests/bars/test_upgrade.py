"""B-03: every release's database comes up to today's version whole, and its audit log still verifies."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from doudi.audit.actions.sequencing import sequence_entries
from doudi.audit.adapters.signing import make_log_key, open_signer
from doudi.audit.logic.checking import Finding
from doudi.audit.queries.checking import check_log
from doudi.core.actor import Actor
from doudi.core.row_context import acting
from doudi.core.vault import vault
from doudi.registry.models import Person
from doudi.site.database import acting_as
from doudi.site.key_register import register_keys
from doudi.site.postgres import Cluster
from doudi.site.roles import ensure_database, ensure_roles
from tests.bars.conftest import Bar
from tests.upgrade.releases import FIGURES, bring_up, read, releases, write_keys

NAME = "doudi"


@pytest.fixture(params=releases(), ids=lambda path: path.name)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Cluster, Path]]:
    """A cluster with the release's database, and the keys it was written with."""
    home = tmp_path / "house"
    write_keys(home / "keys")
    cluster = Cluster(home, throw_away=True)
    cluster.start()
    ensure_roles(cluster)
    ensure_database(cluster, NAME)
    bring_up(cluster, request.param, NAME)
    yield cluster, request.param
    cluster.stop()
    note = home / "pg" / "socket"
    if note.exists():
        shutil.rmtree(note.read_text(), ignore_errors=True)


@pytest.mark.bar("B-03", "a database of every earlier release migrates, loses no row, reads its secrets, and verifies")
def test_an_earlier_release_comes_up(
    house: tuple[Cluster, Path], bar: Bar, django_db_blocker: pytest.FixtureRequest
) -> None:
    cluster, release = house
    known, started = read(release, FIGURES), time.monotonic()
    with django_db_blocker.unblock(), override_settings(HOME=cluster.home):  # type: ignore[attr-defined]
        with acting_as("migrate", cluster.home, name=NAME):
            call_command("migrate", verbosity=0, interactive=False)
            register_keys(vault())
        seconds = time.monotonic() - started
        with cluster.connect(NAME) as superuser:
            rows = {
                table: superuser.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # type: ignore[index,arg-type]
                for (table,) in superuser.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            }
            entries = dict(superuser.execute("SELECT id::text, canonical FROM audit_entry").fetchall())
        with acting_as("work", cluster.home, name=NAME), acting(Actor.system()):
            readable, findings, placed = _readable(), *_verified(cluster.home)
    lost = {table: count for table, count in known["rows"].items() if rows.get(table, 0) < count}
    changed = [
        own for own, digest in known["entries"].items()
        if own not in entries or hashlib.sha256(bytes(entries[own])).hexdigest() != digest
    ]  # fmt: skip
    bar.says(
        f"{release.name} in {seconds:.1f} s: {sum(known['rows'].values())} rows, {len(known['entries'])} entries, "
        f"{readable} numbers read, "
        f"{placed} places in the log, {len(findings)} findings"
    )
    assert not lost and not changed and readable and placed >= len(known["entries"]) and not findings


def _verified(home: Path) -> tuple[list[Finding], int]:
    """The log of then, placed in today's tree, checked as `doudi audit verify` does: findings, entries with a place."""
    make_log_key(home / "keys")
    while sequence_entries():
        pass
    report = check_log(key=open_signer(home / "keys").key)
    return report.findings, report.size


def _readable() -> int:
    """Identity numbers that decrypt under the keys of then."""
    from doudi.registry.queries.people import number_of

    with connection.cursor():
        return sum(bool(number_of(person)) for person in Person.objects.all()[:200])
