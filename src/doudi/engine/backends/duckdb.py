"""Screen a population with DuckDB, slice by slice: bounded memory, resumable, one Parquet file a slice.

A slice that fails on one row (an overflow) is halved until the row stands alone; that row gets an `error`, never the run.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from doudi.engine.quantities import Rulebook
from doudi.engine.sql import Statements
from doudi.engine.sql_expression import literal

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ScreenResult:
    """What a run did: rows by value of the first output, rows with an error, slices done now and found done before."""

    rows: int
    slices: int
    resumed: int
    errors: int
    seconds: float
    counts: dict[str, int] = field(default_factory=dict)


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

    Writes `out/slice-NNNNN.parquet` (household_id, area, outputs…, error) and `out/run.json`. A slice already written by the
    same rulebook, day, outputs and snapshot is kept. Unknown is NULL.
    """
    started = time.perf_counter()
    out.mkdir(parents=True, exist_ok=True)
    run_key = _run_key(rulebook, snapshot, as_of, outputs)
    _forget_other_run(out, run_key)
    connection = connect(memory_limit, threads, [snapshot, out])
    statements = Statements(rulebook, as_of, outputs, columns_of(connection, snapshot))
    slices = _slices(connection, snapshot)
    resumed = 0
    for number, part in enumerate(slices):
        target = out / f"slice-{part:05d}.parquet"
        if target.exists():
            resumed += 1
        else:
            _one_slice(connection, statements, snapshot, part, target)
        if progress:
            progress(number + 1, len(slices))
    return _summary(connection, out, outputs, len(slices), resumed, time.perf_counter() - started)


def connect(memory_limit: str, threads: int, folders: list[Path]) -> duckdb.DuckDBPyConnection:
    """A locked-down connection: it reads and writes only in the folders given, and fetches nothing."""
    connection = duckdb.connect()
    spill = folders[-1] / "spill"
    names = ", ".join("'" + str(f.resolve()).replace("'", "''") + "'" for f in folders)
    for setting in (
        f"memory_limit='{memory_limit}'",
        f"threads={threads}",
        f"temp_directory='{str(spill.resolve()).replace(chr(39), chr(39) * 2)}'",
        "temp_file_encryption=true",
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


def _one_slice(
    connection: duckdb.DuckDBPyConnection, statements: Statements, snapshot: Path, part: int, target: Path
) -> None:
    partial = target.with_suffix(".partial")
    try:
        _run(connection, statements, _reader(snapshot, f"slice = {part}"))
        connection.execute(f"COPY (FROM result ORDER BY household_id) TO '{_escaped(partial)}' (FORMAT parquet)")
    except (duckdb.OutOfRangeException, duckdb.ConversionException):
        tables = list(_halved(connection, statements, snapshot, part))
        pq.write_table(pa.concat_tables(tables, promote_options="permissive"), partial)
    partial.rename(target)


def _run(connection: duckdb.DuckDBPyConnection, statements: Statements, source: Callable[[str], str]) -> None:
    for text in statements.render(source):
        connection.execute(text)


def _reader(snapshot: Path, where: str) -> Callable[[str], str]:
    def read(table: str) -> str:
        return f"(SELECT * FROM read_parquet('{_escaped(snapshot / (table + '.parquet'))}') WHERE {where})"

    return read


def _halved(
    connection: duckdb.DuckDBPyConnection, statements: Statements, snapshot: Path, part: int
) -> Iterator[pa.Table]:
    """The slice in halves; a household that fails alone becomes a row with an error and nothing else."""
    path = _escaped(snapshot / "households.parquet")
    ids = [
        r[0]
        for r in connection.execute(
            f"SELECT household_id FROM read_parquet('{path}') WHERE slice = {part} ORDER BY 1"
        ).fetchall()
    ]
    waiting = [(0, len(ids))]
    while waiting:
        low, high = waiting.pop()
        span = f"slice = {part} AND household_id BETWEEN {literal(ids[low])} AND {literal(ids[high - 1])}"
        try:
            _run(connection, statements, _reader(snapshot, span))
            yield connection.execute("FROM result ORDER BY household_id").to_arrow_table()
        except (duckdb.OutOfRangeException, duckdb.ConversionException):
            if high - low == 1:
                yield pa.table({"household_id": [ids[low]], "error": ["overflow"]})
            else:
                middle = (low + high) // 2
                waiting += [(low, middle), (middle, high)]


def _slices(connection: duckdb.DuckDBPyConnection, snapshot: Path) -> list[int]:
    path = _escaped(snapshot / "households.parquet")
    return [
        int(r[0])
        for r in connection.execute(f"SELECT DISTINCT slice FROM read_parquet('{path}') ORDER BY 1").fetchall()
    ]


def _summary(
    connection: duckdb.DuckDBPyConnection, out: Path, outputs: list[str], slices: int, resumed: int, seconds: float
) -> ScreenResult:
    files = f"read_parquet('{_escaped(out)}/slice-*.parquet', union_by_name=true)"
    rows, errors = connection.execute(f"SELECT count(*), count(error) FROM {files}").fetchone() or (0, 0)
    first = '"' + outputs[0] + '"'
    counts = {
        str(k): int(n) for k, n in connection.execute(f"SELECT {first}, count(*) FROM {files} GROUP BY 1").fetchall()
    }
    return ScreenResult(int(rows), slices, resumed, int(errors), seconds, counts)


def _run_key(rulebook: Rulebook, snapshot: Path, as_of: date, outputs: list[str]) -> str:
    stamps = [[p.name, p.stat().st_size, p.stat().st_mtime_ns] for p in sorted(snapshot.glob("*.parquet"))]
    return sha256(json.dumps([rulebook.hash, as_of.isoformat(), outputs, stamps]).encode()).hexdigest()


def _forget_other_run(out: Path, run_key: str) -> None:
    mark = out / "run.json"
    if mark.exists() and json.loads(mark.read_text())["key"] == run_key:
        return
    for path in out.glob("slice-*.parquet"):
        path.unlink()
    mark.write_text(json.dumps({"key": run_key}))


def _escaped(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")
