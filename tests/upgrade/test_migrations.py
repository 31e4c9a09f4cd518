"""What was released stays as it was; what is new does not stop a county at work."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunSQL

from tests.upgrade.releases import migration_hashes, released_migrations

APPS = {name.split("/")[0] for name in migration_hashes()}
# what rewrites a whole table, or takes away what the version that still runs reads; on a table made in the same
# migration it is harmless. Indexes may be built plainly: an upgrade stops the house (docs/operations/running.md)
SLOW = {
    "changes the type of a column": re.compile(r'ALTER TABLE "?(\w+)"?.* TYPE ', re.I),
    "wants every row checked": re.compile(r'ALTER TABLE "?(\w+)"?.* SET NOT NULL', re.I),
    "drops what the version that still runs reads": re.compile(r'ALTER TABLE "?(\w+)"?.* DROP COLUMN', re.I),
    "drops a table that the version that still runs reads": re.compile(r'DROP TABLE "?(\w+)"?', re.I),
}
# app/name → why it is all right, although it is slow
STOPPED = "the upgrade from 0.1.0 stops the house anyway (docs/operations/running.md)"
ALLOWED = {"registry/0004_shorter_masks": STOPPED, "registry/0006_sealed": STOPPED}


def test_no_released_migration_was_edited_or_removed() -> None:
    here = migration_hashes()
    wrong = [
        f"{name}, released with {release}" for release, name, known in released_migrations() if here.get(name) != known
    ]
    assert not wrong, "write a new migration instead"


def test_there_is_a_kept_release() -> None:
    assert list(released_migrations())


@pytest.mark.django_db
def test_new_migrations_stop_nobody() -> None:
    """The SQL of every migration that no release has yet, looked through for long locks."""
    released = {name for _release, name, _known in released_migrations()}
    loader = MigrationLoader(connection)
    told = []
    for key in sorted(key for key in loader.disk_migrations if key[0] in APPS and "/".join(key) not in released):
        if "/".join(key) in ALLOWED:
            continue
        statements = _sql_of(loader, key)
        made = {found[1].lower() for one in statements if (found := re.search(r'CREATE TABLE "?(\w+)"?', one, re.I))}
        for one in statements:
            for what, pattern in SLOW.items():
                if (found := pattern.search(one)) and found[1].lower() not in made:
                    told.append(f"{key[0]}/{key[1]} {what}: {one[:120]}")
    assert not told, "\n".join(told)


def _sql_of(loader: MigrationLoader, key: tuple[str, str]) -> list[str]:
    """Statements as they would be sent; those of RunPython are not known before."""
    statements = [" ".join(str(one).split()) for one in loader.collect_sql([(loader.get_migration(*key), False)])]
    statements = [one for one in statements if not one.startswith("--")]
    for operation in loader.get_migration(*key).operations:
        if isinstance(operation, RunSQL):
            statements += [" ".join(one.split()) for one in str(operation.sql).split(";")]
    return statements
