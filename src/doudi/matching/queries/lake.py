"""The lake read for a population: which feeds answer on a day, and their rows joined to the people of a snapshot."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from doudi.engine.tree import Kind
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


def write_record(item: Held, owners: pa.Table, target: Path) -> None:
    """Write the rows of a feed that belong to `owners` (key, ids, rows and slice of the person), sorted by household.

    A column the rulebook has and an older delivery has not is unknown.
    """
    present = set(pq.read_schema(item.path).names) if item.path else set()
    columns = [*item.wanted.columns, ("_row", Kind("integer")), ("_delivery", Kind("code"))]
    owner = ("o.household_id", "o.person_id", "o.household_row", "o.person_row")
    chosen = [*owner, *(_column(name, kind, present) for name, kind in columns), "o.slice"]
    source = f"read_parquet('{_quoted(item.path)}')" if item.path else "(SELECT NULL::UUID AS person_key WHERE false)"
    with duckdb.connect() as lake:
        lake.execute("SET enable_progress_bar = false")
        lake.register("owners", owners)
        lake.execute(
            f"COPY (SELECT {', '.join(chosen)} FROM {source} AS l JOIN owners AS o ON l.person_key = o.key::UUID "  # noqa: S608
            f"ORDER BY o.person_row, _delivery, _row) "
            f"TO '{_quoted(target)}' (FORMAT parquet, COMPRESSION zstd)"
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


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
