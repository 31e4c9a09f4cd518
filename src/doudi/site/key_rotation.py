"""Sealing everything anew with the newest keys, batch by batch, while the house goes on serving.

A batch reads rows that lie under an older key, seals them, and writes each back only where it still is what was read:
what somebody wrote meanwhile is never lost, and comes with the next pass. Rows that are locked are left for that, too.
Broken off anywhere, the next run goes on with what is left; there is no state to repair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, connection, transaction

from doudi.core.sealed import SealedColumn, sealed_columns, sealed_places
from doudi.core.vault import ID_BYTES, Vault, VaultError, vault
from doudi.site.key_register import index_uses, key_uses

BLOCKS = 32
"""Pages of a table in a batch: some hundred rows, locked for some milliseconds."""
MOST_PASSES = 100

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Rotated:
    """What a rotation did: cells and indexes written anew, things sealed elsewhere, and what it could not do."""

    cells: int = 0
    indexes: int = 0
    elsewhere: int = 0
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    """(table.column, row id) of cells that do not open: they were changed, or belong to another place."""
    twice: list[tuple[str, str]] = field(default_factory=list)
    """(table.column, row id) whose index another row has already: two records of one number, to be merged."""
    left: int = 0
    """Cells that were locked or written anew each time; another run takes them."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing lies under an older key any more."""
        return not (self.unreadable or self.twice or self.left)


@dataclass(frozen=True, slots=True)
class _Task:
    """One column of cells or of blind indexes that is brought under a key."""

    column: SealedColumn
    written: str
    number: int

    @property
    def named(self) -> str:
        return f"{self.column.table}.{self.written}"

    @property
    def head(self) -> bytes:
        return self.number.to_bytes(ID_BYTES)


def rotate(say: Progress = lambda name, done, of: None) -> Rotated:
    """Everything under the newest keys. Raises nothing for single rows: they are told in the result."""
    done = Rotated()
    keys = vault()
    field_key, blind_key = keys.writing("field"), keys.writing("blind")
    for column in sealed_columns():
        older = sum(rows for number, rows in key_uses(column) if number != field_key)
        done.cells += _brought(_Task(column, column.column, field_key), older, done, say)
        if column.index:
            older = sum(rows for number, rows in index_uses(column) if number != blind_key)
            done.indexes += _brought(_Task(column, column.index, blind_key), older, done, say)
    for place in sealed_places.collect():
        older = sum(count for number, count in place.uses().items() if number != field_key)
        for number, _one in enumerate(place.reseal(field_key), 1):
            done.elsewhere += 1
            say(place.name, number, max(older, number))
    return done


def _brought(task: _Task, older: int, done: Rotated, say: Progress) -> int:
    """How many rows of a column were brought under its key, pass by pass until nothing is left or nothing moves."""
    total, given_up = 0, set[str]()
    for _pass in range(MOST_PASSES):
        moved, seen = 0, 0
        for rows in _older_rows(task):
            rows = [row for row in rows if str(row[0]) not in given_up]
            seen += len(rows)
            moved += _written(task, rows, done, given_up)
            say(task.named, min(total + moved, older), older)
        total += moved
        if seen == 0 or (moved == 0 and _pass >= 3):
            done.left += seen
            return total
    done.left += seen
    return total


def _older_rows(task: _Task) -> Iterator[Sequence[tuple[Any, ...]]]:
    """(id, cell, index) of rows under another key than the wanted one, a few blocks of the table at a time: so each
    page is written once, and what was done before a kill is passed over at the speed of reading.
    """
    one = task.column
    index = f'"{one.index}"' if one.index else "NULL"
    statement = (
        f'SELECT "{one.key}", "{one.column}", {index} FROM "{one.table}" WHERE ctid >= %s::tid AND ctid < %s::tid '  # noqa: S608
        f'AND "{one.column}" IS NOT NULL AND "{task.written}" IS NOT NULL '
        f'AND substring("{task.written}" FROM 1 FOR {ID_BYTES}) <> %s'
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size(%s::regclass) / current_setting('block_size')::int", [one.table])
        blocks = int(cursor.fetchone()[0])
    for first in range(0, blocks, BLOCKS):
        with connection.cursor() as cursor:
            cursor.execute(statement, [f"({first},0)", f"({first + BLOCKS},0)", task.head])
            rows = cursor.fetchall()
        if rows:
            yield rows


def _written(task: _Task, rows: Sequence[tuple[Any, ...]], done: Rotated, given_up: set[str]) -> int:
    """Rows sealed anew and written back where they still are what was read."""
    fresh = []
    for key, cell, index in rows:
        try:
            value = _sealed_anew(task, vault(), key, bytes(cell))
        except VaultError:
            done.unreadable.append((task.named, str(key)))
            given_up.add(str(key))
            continue
        fresh.append((key, bytes(cell), bytes(index) if index is not None else b"", value))
    try:
        return _put(task, fresh)
    except IntegrityError:
        return sum(_put_one(task, row, done, given_up) for row in fresh)


def _put_one(task: _Task, row: tuple[Any, ...], done: Rotated, given_up: set[str]) -> int:
    try:
        return _put(task, [row])
    except IntegrityError:
        done.twice.append((task.named, str(row[0])))
        given_up.add(str(row[0]))
        return 0


def _sealed_anew(task: _Task, keys: Vault, row: object, cell: bytes) -> bytes:
    plain = keys.decrypt(task.column.context(row), cell)
    if task.written == task.column.column:
        return keys.encrypt(task.column.context(row), plain)
    return keys.blind_index(task.column.index_name, plain.decode())


def _put(task: _Task, rows: Sequence[tuple[Any, ...]]) -> int:
    """One transaction; rows somebody holds are left out, rows that changed are not touched."""
    if not rows:
        return 0
    one = task.column
    same_index = f"AND coalesce(t.\"{one.index}\", '') = g.index" if one.index else ""
    statement = f"""
        WITH g AS (SELECT * FROM unnest(%s::{one.key_type}[], %s::bytea[], %s::bytea[], %s::bytea[])
                   AS g(key, cell, index, value)),
        free AS (SELECT t."{one.key}" AS key, g.value FROM "{one.table}" AS t JOIN g ON t."{one.key}" = g.key
                 WHERE t."{one.column}" = g.cell {same_index} ORDER BY t."{one.key}"
                 FOR NO KEY UPDATE OF t SKIP LOCKED)
        UPDATE "{one.table}" AS t SET "{task.written}" = free.value FROM free WHERE t."{one.key}" = free.key
    """  # noqa: S608
    columns = list(zip(*rows, strict=True))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [list(column) for column in columns])
        return int(cursor.rowcount)


def under_key(name: str) -> dict[str, int]:
    """Where a key is still in use: `table.column` or a place → how many. Every row is counted."""
    kind, _, number = name.partition("-")
    found: dict[str, int] = {}
    for column in sealed_columns():
        uses = key_uses(column) if kind == "field" else index_uses(column)
        written = column.column if kind == "field" else column.index
        found |= {f"{column.table}.{written}": rows for key, rows in uses if key == int(number)}
    if kind == "field":
        for place in sealed_places.collect():
            found[place.name] = place.uses().get(int(number), 0)
    return found
