"""Screen a population slice by slice: bounded memory, resumable, one Parquet file a slice.

A slice is worked out in parts, each in memory over arrays (array_part): nothing is spilled to disk. Slices are shared
out among copies of this process, or among threads where it may not be copied; a single slice among threads by its parts.
Numbers are held in 64 bits; households where one does not fit are worked out by DuckDB in 128 (`worker`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from doudi.engine.backends.processes import ChildDied, in_processes, may_fork
from doudi.engine.backends.slices import Span, counted, only_run, run_key, slice_file, slices_of, write_slice
from doudi.engine.backends.worker import Worker
from doudi.engine.errors import EngineError
from doudi.engine.quantities import Rulebook

Progress = Callable[[int, int], None]
Slice = tuple[int, int, int]
"""A slice with the rows of its first and last household."""


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
    processes: bool = False,
    progress: Progress | None = None,
) -> ScreenResult:
    """Work out `outputs` (household quantities) for every household of a snapshot, as of a day.

    Writes `out/slice-NNNNN.parquet` (household_id, area, outputs…, error) and `out/run.json`. A slice already written by
    the same rulebook, day, outputs and snapshot is kept. Unknown is NULL. `processes`: so many processes instead of
    threads, where this one has a single thread; for the command line, not for servers.
    """
    started = time.perf_counter()
    with only_run(out, run_key(rulebook, snapshot, as_of, outputs)):
        slices = slices_of(snapshot)
        waiting = [one for one in slices if not slice_file(out, one[0]).exists()]
        resumed = finished = len(slices) - len(waiting)

        def done() -> None:
            nonlocal finished
            finished += 1
            if progress:
                progress(finished, len(slices))

        if finished and progress:
            progress(finished, len(slices))
        worker = Worker(rulebook, snapshot, as_of, outputs, memory_limit=memory_limit, workers=threads)
        _work_off(worker, out, waiting, threads, processes, done)
        worker.close()
        return summary(out, outputs, slices, resumed, time.perf_counter() - started)


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
    worker = Worker(rulebook, snapshot, as_of, outputs, memory_limit=memory_limit, workers=threads)
    _work_off(worker, out, [(slice, first, last)], threads, False, lambda: None)
    worker.close()
    return slice_file(out, slice)


def _work_off(
    worker: Worker, out: Path, slices: Sequence[Slice], threads: int, processes: bool, done: Callable[[], None]
) -> None:
    """Every slice by one process or thread each; too few slices for that by their parts."""
    schema = worker.schema

    def whole(one: Slice) -> None:
        write_slice(worker.alone(Span(*one[1:])), schema, slice_file(out, one[0]))

    if threads > 1 and len(slices) >= threads and processes and may_fork():
        try:
            in_processes(threads, slices, whole, done)
        except ChildDied as problem:
            raise EngineError("screen.child_died", reason=str(problem)) from None
        return
    with ThreadPoolExecutor(threads) as pool:
        if len(slices) >= threads > 1:
            running = [pool.submit(whole, one) for one in slices]
            try:
                for one in as_completed(running):
                    one.result()
                    done()
            finally:
                pool.shutdown(cancel_futures=True)
            return
        for number, first, last in slices:
            write_slice(worker.together(pool, Span(first, last)), schema, slice_file(out, number))
            done()


def summary(out: Path, outputs: list[str], slices: Sequence[Slice], resumed: int, seconds: float) -> ScreenResult:
    """What is in the files of a finished run, which hold every household of the slices."""
    counts, errors = counted(out, outputs[0])
    households = sum(last - first + 1 for _, first, last in slices)
    if counts.total() != households:
        raise EngineError("screen.incomplete", rows=counts.total(), households=households)
    return ScreenResult(counts.total(), len(slices), resumed, errors, seconds, dict(counts))
