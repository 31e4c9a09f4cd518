"""Screen a population on a Spark cluster: a slice is a task, worked out in the worker as one process works it out.

The rules reach the workers as one bundle, opened once in each of their Python processes. Tasks read the snapshot and
write one Parquet file a slice, under a name of their own until it is whole; a slice already there is kept, a task that
fails is tried again. The snapshot and the results must lie where every machine sees them under the same path.
"""

from __future__ import annotations

import pickle
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from doudi.engine.backends.duckdb import Progress, ScreenResult, Slice, screen_slice, summary
from doudi.engine.backends.slices import only_run, run_key, slice_file, slices_of
from doudi.engine.backends.spark_session import spark_session
from doudi.engine.errors import EngineError
from doudi.engine.quantities import Rulebook

if TYPE_CHECKING:
    from pyspark import Broadcast, SparkContext


def screen(
    rulebook: Rulebook,
    snapshot: Path,
    out: Path,
    *,
    as_of: date,
    outputs: list[str],
    master: str | None = None,
    session: SparkContext | None = None,
    memory_limit: str = "2GB",
    threads: int = 1,
    progress: Progress | None = None,
) -> ScreenResult:
    """Work out `outputs` for every household of a snapshot, as `duckdb.screen` does and with the same files.

    `master` is a Spark master; a running `session` may be given instead. `memory_limit` and `threads` are those of one
    task.
    """
    if session is None:
        with spark_session(master) as own:
            return screen(
                rulebook, snapshot, out, as_of=as_of, outputs=outputs, session=own,
                memory_limit=memory_limit, threads=threads, progress=progress,
            )  # fmt: skip
    started = time.perf_counter()
    with only_run(out, run_key(rulebook, snapshot, as_of, outputs)):
        slices = slices_of(snapshot)
        waiting = [part for part in slices if not slice_file(out, part[0]).exists()]
        packed = pickle.dumps(rulebook)
        bundle = session.broadcast(packed)
        name = sha256(packed).hexdigest()
        job = Job(engine_hash(), name, bundle, snapshot.resolve(), out.resolve(), as_of, outputs, memory_limit, threads)

        def done() -> None:
            if progress:
                progress(sum(slice_file(out, part[0]).exists() for part in slices), len(slices))

        in_tasks(session, waiting, job.work_out, done)
        bundle.destroy()
        resumed = len(slices) - len(waiting)
        return summary(out, outputs, slices, resumed, time.perf_counter() - started)


@dataclass(frozen=True, slots=True)
class Job:
    """What a task must know beside its slice; it travels to the workers."""

    engine: str
    name: str
    bundle: Broadcast[bytes]
    snapshot: Path
    out: Path
    as_of: date
    outputs: list[str]
    memory_limit: str
    threads: int

    def work_out(self, part: Slice) -> None:
        """Runs in a worker: works out one slice and puts its file in place."""
        from pyspark import TaskContext

        if self.engine != engine_hash():
            raise EngineError("spark.other_engine")
        context = TaskContext.get()
        own = self.out / f".attempt-{context.taskAttemptId() if context else 0}"
        number, first, last = part
        made = screen_slice(
            opened(self.name, self.bundle), self.snapshot, own, as_of=self.as_of, outputs=self.outputs,
            slice=number, first=first, last=last, memory_limit=self.memory_limit, threads=self.threads,
        )  # fmt: skip
        made.replace(slice_file(self.out, number))
        own.rmdir()


def in_tasks(
    session: SparkContext, parts: Sequence[Slice], work: Callable[[Slice], None], done: Callable[[], None]
) -> None:
    """One task a slice; `done` is called as time goes by and at the end. Refused when a slice fails again and again."""
    if parts:
        tasks = session.parallelize(parts, len(parts))
        with ThreadPoolExecutor(1) as pool:
            run = pool.submit(tasks.foreach, work)
            try:
                while wait([run], timeout=0.5).not_done:
                    done()
            except BaseException:
                session.cancelAllJobs()
                raise
            _refuse(run.exception())
    done()


def _refuse(error: BaseException | None) -> None:
    """Only the kind of a fault is told: its text may hold a value of a household."""
    if error is not None:
        told = str(error).partition("\tat ")[0]
        kinds = re.findall(r"^(?:\w+\.)*(\w+(?:Error|Exception))(?=:|$)", told, re.MULTILINE)
        raise EngineError("spark.task_failed", problem=kinds[-1] if kinds else type(error).__name__) from None


def opened(name: str, bundle: Broadcast[bytes]) -> Rulebook:
    """The rulebook of a bundle, opened once in each worker process."""
    if name not in _OPENED:
        _OPENED.clear()
        _OPENED[name] = pickle.loads(bundle.value)  # noqa: S301 — packed by the driver of this session
    return _OPENED[name]


_OPENED: dict[str, Rulebook] = {}


@cache
def engine_hash() -> str:
    """SHA-256 of the engine's own code: a bundle is opened only where the same rules of reading it hold."""
    digest = sha256()
    for path in sorted(Path(__file__).resolve().parents[1].rglob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
