"""Slices worked out by copies of the process are those that threads work out; a fault or an interrupt ends them all."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children, get_context
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from doudi.engine.backends import duckdb as backend
from doudi.engine.backends.processes import ChildDied, in_processes, may_fork
from tests.engine.small import AS_OF, household, rule, rulebook_of
from tests.engine.snapshots import read_results, write_snapshot

BOOK = rulebook_of({"household.out": rule("number", "household.x * household.x / 3 + 0.5")})


def in_a_fresh_process(work: Callable[..., Any], *arguments: object) -> Any:
    """A process with a single thread, as the command line has."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result(30)


def screened(folder: Path, out: str, processes: bool) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    assert not processes or may_fork()
    found = backend.screen(
        BOOK, folder / "in", folder / out, as_of=AS_OF, outputs=["out"], processes=processes,
        progress=lambda done, of: told.append((done, of)),
    )  # fmt: skip
    assert (found.rows, found.slices, found.errors) == (35, 4, 0)
    return told


def test_processes_and_threads_write_the_same_and_keep_what_is_there(tmp_path: Path) -> None:
    cases = [household({"x": str(number)}) for number in range(35)]
    for number, case in enumerate(cases):
        case["household"]["id"] = f"h{number:02}"
    write_snapshot(tmp_path / "in", BOOK, cases, slice_size=10)
    assert in_a_fresh_process(screened, tmp_path, "copies", True) == [(n, 4) for n in (1, 2, 3, 4)]
    screened(tmp_path, "threads", False)
    assert read_results(tmp_path / "copies") == read_results(tmp_path / "threads")
    assert len(list((tmp_path / "copies").iterdir())) == 5
    (tmp_path / "copies" / "slice-00002.parquet").unlink()
    assert in_a_fresh_process(screened, tmp_path, "copies", True) == [(3, 4), (4, 4)]


def failing(problem: BaseException | None) -> list[str]:
    """What reaches the caller, and whether anyone is left."""

    def work(task: int) -> None:
        if task == 1:
            if problem is None:
                os._exit(7)
            raise problem
        time.sleep(20)

    try:
        in_processes(2, [0, 1], work, lambda: None)
    except Exception as found:
        return [type(found).__name__, str(found), str(len(active_children()))]
    return []


class Unportable(Exception):
    """It does not survive the way between processes."""

    def __reduce__(self) -> Any:
        raise TypeError("not this one")


def failing_unportably() -> list[str]:
    return failing(Unportable("income of 张三 is 1200"))


@pytest.mark.parametrize(
    ("work", "arguments", "expected"),
    [
        (failing, [ValueError("seven")], ["ValueError", "seven", "0"]),
        (failing, [None], [ChildDied.__name__, "exit code 7", "0"]),
        (failing_unportably, [], [ChildDied.__name__, "Unportable", "0"]),
    ],
)
def test_the_first_fault_reaches_the_caller_and_ends_the_others(
    work: Callable[..., Any], arguments: list[Any], expected: list[str]
) -> None:
    assert in_a_fresh_process(work, *arguments) == expected


def interrupted() -> int:
    Thread(target=lambda: (time.sleep(0.3), os.kill(os.getpid(), signal.SIGINT)), daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        in_processes(2, [0, 1], lambda task: time.sleep(20), lambda: None)
    return len(active_children())


def test_an_interrupt_ends_the_copies() -> None:
    assert in_a_fresh_process(interrupted) == 0


def with_a_thread() -> tuple[bool, bool]:
    before = may_fork()
    thread = Thread(target=time.sleep, args=(1,), daemon=True)
    thread.start()
    return before, may_fork()


def test_a_process_with_threads_is_not_copied() -> None:
    assert in_a_fresh_process(with_a_thread) == (True, False)
