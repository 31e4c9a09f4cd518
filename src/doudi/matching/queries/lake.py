"""The lake read for a population: which feeds answer on a day, and their rows joined to the people of a snapshot."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from doudi.engine.backends.locked import connect, quoted
from doudi.engine.tree import Kind
from doudi.matching.logic.files import SnapshotFile
from doudi.matching.logic.tables import arrow_type
from doudi.matching.logic.wanted import Wanted, covers
from doudi.sources import queries as sources


@dataclass(frozen=True, slots=True)
class Held:
    """One feed in the lake as of a day; `answered`: an accepted delivery covers the windows that rules look at."""

    wanted: Wanted
    path: Path | None
    answered: bool

    def spoiled(self, keys: Sequence[uuid.UUID]) -> set[uuid.UUID]:
        """Keys with a row quarantined for something but its number."""
        return set() if self.path is None else sources.tainted(self.wanted.feed, list(keys))


def held(wanted: Wanted, on: datetime.date) -> Held:
    """What is held of a feed."""
    coverage = sources.coverage(wanted.feed)
    if coverage is None:
        return Held(wanted, None, False)
    answered = covers(wanted, on, coverage.from_month, coverage.to_month)
    return Held(wanted, sources.lake_path(wanted.feed), answered)


KEYS = "keys"
"""The file of a snapshot in the making that says which lake keys are whose."""
SPAN = 300_000
"""Persons whose rows are sorted in memory at a time."""
MEMORY = "2GB"


def write_record(item: Held, folder: Path, *, persons: int) -> None:
    """Write the rows of a feed that belong to the persons in `folder` and may be read of them, in the order of persons.

    A column the rulebook has and an older delivery has not is unknown.
    """
    query = _rows_query(item, folder)
    target = folder / f"{item.wanted.record}.parquet"
    with connect(MEMORY, [folder, *([item.path.parent] if item.path else [])], threads=None) as lake:
        tables = (
            lake.sql(query, params={"first": first, "last": first + SPAN - 1}).to_arrow_table()
            for first in range(0, max(persons, 1), SPAN)
        )
        first = next(tables)
        with SnapshotFile(target, first.schema) as file:
            for table in chain([first], tables):
                file.add(table)


def _rows_query(item: Held, folder: Path) -> str:
    present = set(pq.read_schema(item.path).names) if item.path else set()
    columns = [*item.wanted.columns, ("_row", Kind("integer")), ("_delivery", Kind("code"))]
    owner = ("p.household_id", "p.person_id", "p.household_row", "p.person_row")
    chosen = [*owner, *(_column(name, kind, present) for name, kind in columns), "p.slice"]
    source = f"read_parquet('{quoted(item.path)}')" if item.path else "(SELECT NULL::UUID AS person_key WHERE false)"
    span = "BETWEEN $first AND $last"
    keys = f"(FROM read_parquet('{quoted(folder / f'{KEYS}.parquet')}') WHERE person_row {span})"
    people = (
        f"(FROM read_parquet('{quoted(folder / 'persons.parquet')}') "
        f'WHERE person_row {span} AND "{item.wanted.record}__why" IS NULL)'
    )
    return (
        f"SELECT {', '.join(chosen)} FROM {source} AS l JOIN {keys} AS k ON l.person_key = k.key "  # noqa: S608
        f"JOIN {people} AS p ON p.person_row = k.person_row ORDER BY p.person_row, _delivery, _row"
    )


def _column(name: str, kind: Kind, present: set[str]) -> str:
    stored = "INTEGER" if name == "_row" else _sql_type(kind)
    value = f'l."{name}"' if name in present else "NULL"
    return f'{value}::{stored} AS "{name}"'


def _sql_type(kind: Kind) -> str:
    stored = arrow_type(kind)
    if pa.types.is_decimal(stored):
        return f"DECIMAL({stored.precision},{stored.scale})"
    names = {pa.bool_(): "BOOLEAN", pa.int64(): "BIGINT", pa.date32(): "DATE"}
    return names.get(stored, "VARCHAR")
