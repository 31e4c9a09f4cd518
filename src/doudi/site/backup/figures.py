"""What is counted in a database before and after: rows of every table, the root of the audit log, the lake's manifest.

Tables are found in the catalogue, not listed. Read as a role that row-level security does not bind.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]
TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Rows by table; size and root of the audit log; the lake's manifest; the sealed files of deliveries."""

    rows: dict[str, int]
    audit: dict[str, Any]
    lake: list[list[Any]]
    originals: list[str]

    @property
    def paths(self) -> list[str]:
        """Files below HOME that the database names."""
        return [f"lake/{feed}/{name}" for feed, name, *_ in self.lake] + [f"originals/{n}" for n in self.originals]

    def differences(self, other: Figures) -> list[str]:
        """Where another database does not agree, in words; empty when it does."""
        told = []
        for table in sorted(self.rows.keys() | other.rows.keys()):
            if self.rows.get(table) != other.rows.get(table):
                told.append(f"{table}: {self.rows.get(table)} rows, found {other.rows.get(table)}")
        if self.audit != other.audit:
            told.append(f"audit log: {self.audit}, found {other.audit}")
        if self.lake != other.lake:
            told.append("the lake's manifest")
        if self.originals != other.originals:
            told.append(f"{len(self.originals)} sealed originals, found {len(other.originals)}")
        return told


def figures_of(connection: Connection) -> Figures:
    """The figures as one snapshot of the database has them."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return counted(connection)


def counted(connection: Connection) -> Figures:
    """The figures inside the caller's transaction."""
    rows = {f"{schema}.{table}": _count(connection, schema, table) for schema, table in tables_of(connection)}
    return Figures(rows, audit_root(connection), _lake_rows(connection), _original_names(connection))


def tables_of(connection: Connection) -> list[tuple[str, str]]:
    """Every table that a backup must bring back, by schema and name."""
    return [(str(schema), str(table)) for schema, table in connection.execute(TABLES).fetchall()]


def audit_root(connection: Connection, size: int | None = None) -> dict[str, Any]:
    """How many entries have a place in the log, and what their leaves hash to in order; or only the first `size`.

    Two logs with the same answer have the same leaves, and so the same signed roots. Whether each leaf is its
    entry's is for `audit verify`, which a restore runs as well.
    """
    if not _has(connection, "audit_leaf"):
        return {"size": 0, "root": ""}
    running, found = hashlib.sha256(), 0
    with connection.cursor(name="audit_root") as cursor:
        cursor.itersize = 20_000
        statement = "SELECT hash FROM audit_leaf WHERE position < coalesce(%s, position + 1) ORDER BY position"
        for (leaf,) in cursor.execute(statement, [size]):
            running.update(leaf)
            found += 1
    return {"size": found, "root": running.hexdigest()}


def audit_prefix_agrees(connection: Connection, known: dict[str, Any]) -> list[str]:
    """Whether a log that went on since still begins with the known one; in words where it does not."""
    with connection.transaction():
        now = audit_root(connection, int(known["size"]))
    return [] if now == known else [f"audit log: {known}, found {now}"]


def _lake_rows(connection: Connection) -> list[list[Any]]:
    """The lake's manifest: feed, file, SHA-256, size."""
    if not _has(connection, "sources_lakefile"):
        return []
    found = connection.execute("SELECT feed, file_name, digest, size FROM sources_lakefile ORDER BY feed").fetchall()
    return [list(row) for row in found]


def _original_names(connection: Connection) -> list[str]:
    """Names of the sealed files that deliveries still have."""
    if not _has(connection, "sources_delivery"):
        return []
    statement = """SELECT id || '.sealed' FROM sources_delivery WHERE has_original
        UNION ALL SELECT id || '.people' FROM sources_delivery WHERE has_people ORDER BY 1"""
    return [str(name) for (name,) in connection.execute(statement).fetchall()]


def _count(connection: Connection, schema: str, table: str) -> int:
    statement = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
    found = connection.execute(statement).fetchone()
    return int(found[0]) if found else 0


def _has(connection: Connection, table: str) -> bool:
    found = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"]).fetchone()
    return bool(found and found[0])
