"""A mark: figures of the database at a named point of its log, exact to the transaction.

Counted without stopping anybody, and again when somebody wrote meanwhile; after a few tries writers wait for the time
of one counting (readers never do).
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from psycopg import errors, sql

from doudi.site.backup.figures import Connection, counted, figures_of, tables_of
from doudi.site.backup.layout import BackupError, Mark

FREE_TRIES, LOCKED_TRIES = 4, 20
SETTLE = 0.1
FOLDER = "marks"


def make_mark(connection: Connection, name: str) -> Mark:
    """Figures and the point at which they hold. BackupError when the database never stands still.

    Each try has a point of its own: recovery stops at the first of a name.
    """
    for turn in range(FREE_TRIES):
        before = _snapshot(connection)
        figures = figures_of(connection)
        point = _point(connection, f"{name}.{turn}")
        time.sleep(SETTLE)  # who committed just before the point is visible by now
        if _snapshot(connection) == before:
            return Mark(f"{name}.{turn}", *point, figures)
    for turn in range(FREE_TRIES, FREE_TRIES + LOCKED_TRIES):
        with suppress(errors.LockNotAvailable):
            return _locked(connection, f"{name}.{turn}")
        time.sleep(SETTLE)
    raise BackupError("backup.busy", "数据库一直在写 · The database is written to without a pause; try again later.")


def keep_mark(archive: Path, mark: Mark) -> None:
    """A mark beside the archived log, for recoveries to an instant after it."""
    folder = archive / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    partial = folder / f".{mark.name}.{os.getpid()}"
    partial.write_text(json.dumps(mark.as_data()))
    partial.rename(folder / f"{mark.name}.json")


def kept_marks(archive: Path) -> Iterator[Mark]:
    """Marks of the archive, oldest first."""
    found = [Mark.from_data(json.loads(path.read_text())) for path in sorted((archive / FOLDER).glob("*.json"))]
    yield from sorted(found, key=lambda mark: mark.at)


def _locked(connection: Connection, name: str) -> Mark:
    """Under locks that let everybody read. Waiting for them is cut short before anybody gets in another's way."""
    tables = sql.SQL(", ").join(sql.Identifier(schema, table) for schema, table in tables_of(connection))
    with connection.transaction():
        connection.execute("SET LOCAL lock_timeout = '400ms'")
        connection.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(tables))
        figures = counted(connection)
        point = _point(connection, name)
    return Mark(name, *point, figures)


def _snapshot(connection: Connection) -> str:
    found = connection.execute("SELECT pg_current_snapshot()::text").fetchone()
    return str(found[0]) if found else ""


def _point(connection: Connection, name: str) -> tuple[str, int, datetime]:
    """A named point of the log: where it is, on which branch, when."""
    found = connection.execute(
        "SELECT p::text, substr(pg_walfile_name(p), 1, 8), clock_timestamp() FROM pg_create_restore_point(%s) AS p",
        [name],
    ).fetchone()
    if found is None:
        raise BackupError("backup.no_point", "PostgreSQL made no restore point.")
    return str(found[0]), int(str(found[1]), 16), found[2]
