"""Works out households of one snapshot over arrays; those too wide for 64 bits by DuckDB in 128, one by one at last.

A part that does not fit in memory is halved. A household that cannot be worked out gets an `error`, never the run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from doudi.engine.backends.array_part import Part, screening
from doudi.engine.backends.locked import bytes_of, connect, quoted
from doudi.engine.backends.slices import Span
from doudi.engine.quantities import Rulebook
from doudi.engine.sql import Statements
from doudi.engine.sql_numbers import WIDE

PART = 50_000
"""Households worked out at a time by one thread: as many as a row group of a snapshot holds."""
_EACH = 8_000
"""Bytes that a household takes while it is worked out, with its persons and rows."""
_LEAST = 1_000
"""A part this small that is too wide for 64 bits is not halved further but worked out in 128."""
_NO_ROOM = (MemoryError, duckdb.OutOfMemoryException)
_OVERFLOW = (duckdb.DataError, ArithmeticError)
"""Whatever one household's numbers and days can raise."""


class Worker:
    """Works out parts of one snapshot. `workers`: how many parts at a time, here or in copies of this process."""

    def __init__(
        self,
        rulebook: Rulebook,
        snapshot: Path,
        as_of: date,
        outputs: list[str],
        *,
        memory_limit: str,
        workers: int,
    ) -> None:
        self._rulebook, self._snapshot, self._as_of, self._outputs = rulebook, snapshot, as_of, outputs
        self._memory = bytes_of(memory_limit)
        self._workers = workers
        self._screening = screening(rulebook, snapshot, as_of, outputs)
        self._lock = Lock()
        self._opened: duckdb.DuckDBPyConnection | None = None

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns of the results: those of nobody, in 128 bits where a rule's own figures are too wide for 64."""
        nobody = Span(0, -1)
        try:
            return Part(self._screening, nobody.first, nobody.last).run().schema
        except ArithmeticError:
            return self._run_wide(nobody).schema

    def alone(self, span: Span) -> Iterator[pa.Table]:
        """The results of a span in the order of its households, worked out in this thread."""
        for part in span.parts(self._size(len(span), 1)):
            yield from self._table(part)

    def together(self, pool: ThreadPoolExecutor, span: Span) -> Iterator[pa.Table]:
        """The same by the threads of a pool, each busy with one part, none waiting."""
        spans = span.parts(self._size(len(span), self._workers))
        running = deque(pool.submit(self._whole, one) for one in spans[: self._workers])
        for number in range(len(spans)):
            found = running.popleft().result()
            if number + self._workers < len(spans):
                running.append(pool.submit(self._whole, spans[number + self._workers]))
            yield from found

    def _size(self, households: int, threads: int) -> int:
        """Households of a part: as many as have room, and so few that each thread has some."""
        room = max(_LEAST, self._memory // _EACH // self._workers)
        return max(1, min(PART, room, max(_LEAST, -(-households // threads))))

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

        with self._connection().cursor() as cursor:
            for text in self._wide.render(source):
                cursor.execute(text).fetchall()
            return cursor.sql("FROM result ORDER BY household_id").to_arrow_table()

    def _overflow(self, span: Span) -> pa.Table:
        query = f"SELECT household_id FROM {self._file('households')} WHERE household_row = {span.first}"
        with self._connection().cursor() as cursor:
            (found,) = cursor.execute(query).fetchall()[0]
        return pa.table({"household_id": [found], "error": ["overflow"]})

    @cached_property
    def _wide(self) -> Statements:
        return Statements(self._rulebook, self._as_of, self._outputs, columns_of(self._snapshot), WIDE)

    def _connection(self) -> duckdb.DuckDBPyConnection:
        """Opened when it is needed, which is rare."""
        with self._lock:
            if self._opened is None:
                self._opened = connect(f"{max(64, self._memory // 10**6)}MB", [self._snapshot])
            return self._opened

    def close(self) -> None:
        """Close what was opened."""
        if self._opened is not None:
            self._opened.close()

    def _file(self, table: str) -> str:
        return f"read_parquet('{quoted(self._snapshot / (table + '.parquet'))}')"


def columns_of(snapshot: Path) -> dict[str, set[str]]:
    """The columns a snapshot holds, by entity (`household`, `person`, record names)."""
    names = {"households": "household", "persons": "person"}
    paths = sorted(snapshot.glob("*.parquet"))
    return {names.get(path.stem, path.stem): set(pq.read_schema(path).names) for path in paths}
