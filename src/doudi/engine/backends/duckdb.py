"""Screen a population slice by slice: bounded memory, resumable, one Parquet file a slice.

A slice is worked out in parts, each by one thread in memory over arrays (array_part): nothing is spilled to disk, a part that
does not fit is halved. Numbers are held in 64 bits; households where one does not fit are worked out by DuckDB in 128 (sql),
and if that fails too they are halved until the row stands alone; that row gets an `error`, never the run.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from threading import local

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from doudi.engine.backends.array_part import Part, screening
from doudi.engine.quantities import Rulebook
from doudi.engine.sql import Statements
from doudi.engine.sql_numbers import WIDE

Progress = Callable[[int, int], None]
PART = 50_000
"""Households worked out at a time by one thread."""
_EACH = 8_000
"""Bytes that a household takes while it is worked out, with its persons and rows."""
_LEAST = 1_000
"""A part this small that is too wide for 64 bits is not halved further but worked out in 128."""
_NO_ROOM = (MemoryError, duckdb.OutOfMemoryException)
_OVERFLOW = (duckdb.DataError, ArithmeticError)
"""Whatever one household's numbers and days can raise."""


@dataclass(frozen=True, slots=True)
class ScreenResult:
    """What a run did: rows by value of the first output, rows with an error, slices done now and found done before."""

    rows: int
    slices: int
    resumed: int
    errors: int
    seconds: float
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """Households by their row in the snapshot, both ends included."""

    first: int
    last: int

    def halves(self) -> tuple[Span, Span]:
        middle = (self.first + self.last) // 2
        return Span(self.first, middle), Span(middle + 1, self.last)

    def __len__(self) -> int:
        return self.last - self.first + 1


def screen(
    rulebook: Rulebook,
    snapshot: Path,
    out: Path,
    *,
    as_of: date,
    outputs: list[str],
    memory_limit: str = "4GB",
    threads: int = 2,
    progress: Progress | None = None,
) -> ScreenResult:
    """Work out `outputs` (household quantities) for every household of a snapshot, as of a day.

    Writes `out/slice-NNNNN.parquet` (household_id, area, outputs…, error) and `out/run.json`. A slice already written by
    the same rulebook, day, outputs and snapshot is kept. Unknown is NULL.
    """
    started = time.perf_counter()
    out.mkdir(parents=True, exist_ok=True)
    forget_other_run(out, run_key(rulebook, snapshot, as_of, outputs))
    slices = slices_of(snapshot)
    with connect(memory_limit, [snapshot, out]) as connection:
        worker = _Worker(connection, rulebook, snapshot, as_of, outputs)
        resumed = 0
        with ThreadPoolExecutor(threads) as pool:
            for number, (part, first, last) in enumerate(slices):
                span, target = Span(first, last), slice_file(out, part)
                if target.exists():
                    resumed += 1
                else:
                    _write(worker.tables(pool, threads, span), worker.schema(), target)
                if progress:
                    progress(number + 1, len(slices))
        return summary(connection, out, outputs, len(slices), resumed, time.perf_counter() - started)


def screen_slice(
    rulebook: Rulebook,
    snapshot: Path,
    out: Path,
    *,
    as_of: date,
    outputs: list[str],
    slice: int,
    first: int,
    last: int,
    memory_limit: str = "4GB",
    threads: int = 2,
) -> Path:
    """Work out one slice (`first` to `last` are its household rows, as `slices_of` gives them) and write its file, the
    same one that `screen` writes. It stands alone: another process or machine may call it.
    """
    out.mkdir(parents=True, exist_ok=True)
    target = slice_file(out, slice)
    with connect(memory_limit, [snapshot, out]) as connection, ThreadPoolExecutor(threads) as pool:
        worker = _Worker(connection, rulebook, snapshot, as_of, outputs)
        _write(worker.tables(pool, threads, Span(first, last)), worker.schema(), target)
    return target


def slices_of(snapshot: Path) -> list[tuple[int, int, int]]:
    """The slices of a snapshot in order: (slice, first household row, last household row)."""
    with duckdb.connect() as reader:
        rows = reader.execute(
            "SELECT slice, min(household_row), max(household_row) FROM read_parquet(?) GROUP BY 1 ORDER BY 1",
            [str(snapshot / "households.parquet")],
        ).fetchall()
    return [(int(part), int(first), int(last)) for part, first, last in rows]


def connect(memory_limit: str, folders: list[Path]) -> duckdb.DuckDBPyConnection:
    """A locked-down connection: it reads and writes only in the folders given, fetches nothing and spills nothing.

    DuckDB cannot encrypt what it spills without an extension that would have to be fetched, so it may not spill. Each
    query runs in the thread that asks; several threads ask.
    """
    connection = duckdb.connect()
    names = ", ".join("'" + _escaped(folder) + "'" for folder in folders)
    for setting in (
        f"memory_limit='{memory_limit}'",
        "threads=1",
        "max_temp_directory_size='0KiB'",
        "temp_file_encryption=true",
        "parquet_metadata_cache=true",
        "preserve_insertion_order=false",
        f"allowed_directories=[{names}]",
        "enable_external_access=false",
        "lock_configuration=true",
    ):
        connection.execute("SET " + setting)
    return connection


def columns_of(connection: duckdb.DuckDBPyConnection, snapshot: Path) -> dict[str, set[str]]:
    """The columns a snapshot holds, by entity (`household`, `person`, record names)."""
    names = {"households": "household", "persons": "person"}
    found: dict[str, set[str]] = {}
    for path in sorted(snapshot.glob("*.parquet")):
        rows = connection.execute("SELECT name FROM parquet_schema(?)", [str(path.resolve())]).fetchall()
        found[names.get(path.stem, path.stem)] = {str(row[0]) for row in rows}
    return found


class _Worker:
    """Works out parts of one snapshot; each thread has its own cursor, and so its own temporary tables."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        rulebook: Rulebook,
        snapshot: Path,
        as_of: date,
        outputs: list[str],
    ) -> None:
        self._connection, self._snapshot = connection, snapshot
        (limit,) = connection.execute("SELECT current_setting('memory_limit')").fetchall()[0]
        self._memory = bytes_of(limit)
        present = columns_of(connection, snapshot)
        self._screening = screening(rulebook, snapshot, as_of, outputs)
        self._wide = Statements(rulebook, as_of, outputs, present, WIDE)
        self._own = local()

    def schema(self) -> pa.Schema:
        """The columns of the results: those of nobody, in 128 bits where a rule's own figures are too wide for 64."""
        nobody = Span(0, -1)
        try:
            return Part(self._screening, nobody.first, nobody.last).run().schema
        except ArithmeticError:
            return self._run_wide(nobody).schema

    def tables(self, pool: ThreadPoolExecutor, threads: int, span: Span) -> Iterator[pa.Table]:
        """The results of a span in the order of its households, each thread busy with one part, none waiting."""
        room = max(_LEAST, self._memory // _EACH // threads)
        size = min(PART, room, max(_LEAST, -(-len(span) // threads)))
        starts = range(span.first, span.last + 1, size)
        spans = [Span(first, min(first + size - 1, span.last)) for first in starts]
        running = deque(pool.submit(self._whole, one) for one in spans[:threads])
        for number in range(len(spans)):
            found = running.popleft().result()
            if number + threads < len(spans):
                running.append(pool.submit(self._whole, spans[number + threads]))
            yield from found

    def _whole(self, span: Span) -> list[pa.Table]:
        return list(self._table(span))

    def _table(self, span: Span) -> Iterator[pa.Table]:
        """Over arrays; what is too wide for them is halved down to a few households, and those go to SQL."""
        try:
            yield self._run(span)
            return
        except (ArithmeticError, *_NO_ROOM) as problem:
            if len(span) <= _LEAST and not isinstance(problem, ArithmeticError):
                raise
        if len(span) <= _LEAST:
            yield from self._wide_table(span)
            return
        for half in span.halves():
            yield from self._table(half)

    def _wide_table(self, span: Span) -> Iterator[pa.Table]:
        try:
            yield self._run_wide(span)
        except _OVERFLOW:
            if len(span) == 1:
                yield self._overflow(span)
            else:
                for half in span.halves():
                    yield from self._wide_table(half)

    def _run(self, span: Span) -> pa.Table:
        return Part(self._screening, span.first, span.last).run()

    def _run_wide(self, span: Span) -> pa.Table:
        def source(table: str) -> str:
            where = f"household_row BETWEEN {span.first} AND {span.last}"
            return f"(SELECT * FROM {self._file(table)} WHERE {where})"

        with self._connection.cursor() as cursor:
            for text in self._wide.render(source):
                cursor.execute(text).fetchall()
            return cursor.sql("FROM result ORDER BY household_id").to_arrow_table()

    def _overflow(self, span: Span) -> pa.Table:
        query = f"SELECT household_id FROM {self._file('households')} WHERE household_row = {span.first}"
        (found,) = self._cursor().execute(query).fetchall()[0]
        return pa.table({"household_id": [found], "error": ["overflow"]})

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        if not hasattr(self._own, "cursor"):
            self._own.cursor = self._connection.cursor()
        cursor: duckdb.DuckDBPyConnection = self._own.cursor
        return cursor

    def _file(self, table: str) -> str:
        return f"read_parquet('{_escaped(self._snapshot / (table + '.parquet'))}')"


def bytes_of(limit: str) -> int:
    """A memory limit as people and DuckDB write it: 4GB, 3.7 GiB."""
    number = limit.rstrip("BiKMGT ")
    power = {"K": 1, "M": 2, "G": 3, "T": 4}.get(limit[len(number) :].strip()[:1], 0)
    return int(float(number) * (1024 if "i" in limit else 1000) ** power)


def slice_file(out: Path, part: int) -> Path:
    return out / f"slice-{part:05d}.parquet"


def _write(tables: Iterator[pa.Table], schema: pa.Schema, target: Path) -> None:
    """One file a slice, written as its parts come; a row with an error may have no other columns."""
    partial = target.with_suffix(".partial")
    codes = [field.name for field in schema if pa.types.is_string(field.type) and field.name != "household_id"]
    with pq.ParquetWriter(partial, schema, compression="lz4", use_dictionary=codes) as writer:
        for table in tables:
            whole = pa.concat_tables([schema.empty_table(), table], promote_options="permissive")
            writer.write_table(whole.select(schema.names).cast(schema))
    partial.rename(target)


def summary(
    connection: duckdb.DuckDBPyConnection, out: Path, outputs: list[str], slices: int, resumed: int, seconds: float
) -> ScreenResult:
    files = f"read_parquet('{_escaped(out)}/slice-*.parquet', union_by_name=true)"
    rows, errors = connection.execute(f"SELECT count(*), count(error) FROM {files}").fetchone() or (0, 0)
    first = '"' + outputs[0] + '"'
    counts = {
        str(k): int(n) for k, n in connection.execute(f"SELECT {first}, count(*) FROM {files} GROUP BY 1").fetchall()
    }
    return ScreenResult(int(rows), slices, resumed, int(errors), seconds, counts)


def run_key(rulebook: Rulebook, snapshot: Path, as_of: date, outputs: list[str]) -> str:
    stamps = [[p.name, p.stat().st_size, p.stat().st_mtime_ns] for p in sorted(snapshot.glob("*.parquet"))]
    return sha256(json.dumps([rulebook.hash, as_of.isoformat(), outputs, stamps]).encode()).hexdigest()


def forget_other_run(out: Path, run_key: str) -> None:
    mark = out / "run.json"
    if mark.exists() and json.loads(mark.read_text())["key"] == run_key:
        return
    for path in out.glob("slice-*.parquet"):
        path.unlink()
    mark.write_text(json.dumps({"key": run_key}))


def _escaped(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")
