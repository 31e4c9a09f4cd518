"""`doudi bench spark`: a made-up population on a local Spark cluster of two workers, beside DuckDB in one process.

Both work out the same slices; their files are compared cell by cell before any figure is given. The session is running
before the clock starts, as a cluster would be.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from doudi.engine.backends import duckdb, spark
from doudi.engine.backends.spark_session import LOCAL, spark_session
from doudi.site.bench.apart import apart
from doudi.site.bench.population import write_population
from doudi.site.bench.screen import DAY, OUTPUTS, WrongResult, rules
from doudi.site.measure import Measure

SIZE = 1_000_000
SLICES = 8


def run(*, households: int | None, home: Path) -> Iterator[Measure]:
    """Households per second of both."""
    size = households or SIZE
    (home / "bench").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="spark-", dir=home / "bench") as folder:
        snapshot, one, two = (Path(folder) / name for name in ("snapshot", "duckdb", "spark"))
        apart(make, snapshot, size)
        alone, _ = apart(in_process, snapshot, one)
        seconds, peak = apart(on_cluster, snapshot, two)
        verify(one, two, size)
        yield Measure(
            "spark.households_per_second", round(size / seconds), "households/s", size, peak,
            "duckdb_in_one_process", round(size / alone), round(seconds / alone, 2),
        )  # fmt: skip


def make(snapshot: Path, size: int) -> int:
    """Write the population in SLICES slices."""
    return write_population(snapshot, rules(), households=size, as_of=DAY, slice_size=max(1, -(-size // SLICES)))


def in_process(snapshot: Path, out: Path) -> float:
    """Seconds of DuckDB with two threads."""
    started = time.perf_counter()
    duckdb.screen(rules(), snapshot, out, as_of=DAY, outputs=OUTPUTS)
    return time.perf_counter() - started


def on_cluster(snapshot: Path, out: Path) -> float:
    """Seconds of a running cluster; its Python workers have been asked for once before."""
    rulebook = rules()
    with spark_session(LOCAL) as session:
        session.parallelize(range(2), 2).foreach(_imported)
        started = time.perf_counter()
        spark.screen(rulebook, snapshot, out, as_of=DAY, outputs=OUTPUTS, session=session)
        return time.perf_counter() - started


def _imported(_: int) -> None:
    import doudi.engine.backends.duckdb  # noqa: F401


def verify(one: Path, two: Path, size: int) -> None:
    """Every cell of both runs; raises WrongResult."""
    rows = 0
    for path in sorted(one.glob("slice-*.parquet")):
        ours, theirs = pq.read_table(path), pq.read_table(two / path.name)
        if not ours.equals(theirs):
            raise WrongResult(f"{path.name} of DuckDB and Spark differ")
        rows += ours.num_rows
    if rows != size:
        raise WrongResult(f"{rows} of {size} households came out")
