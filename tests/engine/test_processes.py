"""Slices worked out by copies of the process are those that threads work out; a fault or an interrupt ends them all."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from multiprocessing import active_children, get_context
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from doudi.engine.backends import duckdb as backend
from doudi.engine.backends import slices
from doudi.engine.backends.processes import ChildDied, in_processes, may_fork
from doudi.engine.errors import EngineError
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
    assert sorted(path.name for path in (tmp_path / "copies").iterdir()) == [
        "run.json", "run.lock", *(f"slice-{number:05}.parquet" for number in range(4)),
    ]  # fmt: skip
    (tmp_path / "copies" / "slice-00002.parquet").unlink()
    assert in_a_fresh_process(screened, tmp_path, "copies", True) == [(3, 4), (4, 4)]


def test_a_folder_is_for_one_run_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = household({"x": "2"})
    case["household"]["id"] = "h"
    write_snapshot(tmp_path / "in", BOOK, [case])
    monkeypatch.setattr(slices, "PATIENCE", 0.2)
    other = rulebook_of({"household.out": rule("number", "household.x")})
    with slices.only_run(tmp_path / "out", "another"):
        with pytest.raises(EngineError) as caught:
            backend.screen(BOOK, tmp_path / "in", tmp_path / "out", as_of=AS_OF, outputs=["out"])
        assert caught.value.code == "screen.folder_taken"
    for book in (other, BOOK):
        backend.screen(book, tmp_path / "in", tmp_path / "out", as_of=AS_OF, outputs=["out"])
    assert read_results(tmp_path / "out")["h"]["out"] == Decimal("1.8333333333"), "of the last run, whole"


def test_results_with_fewer_households_than_the_snapshot_are_refused(tmp_path: Path) -> None:
    case = household({"x": "2"})
    case["household"]["id"] = "h"
    write_snapshot(tmp_path / "in", BOOK, [case])
    backend.screen(BOOK, tmp_path / "in", tmp_path / "out", as_of=AS_OF, outputs=["out"])
    with pytest.raises(EngineError) as caught:
        backend.summary(tmp_path / "out", ["out"], [(0, 0, 1)], 0, 0.0)
    assert caught.value.code == "screen.incomplete" and caught.value.context == {"rows": 1, "households": 2}


def killed(folder: Path) -> str:
    """What is told of a run whose copies are killed."""
    worker = backend.Worker
    backend.Worker = _Killed  # type: ignore[assignment,misc]
    try:
        backend.screen(BOOK, folder / "in", folder / "out", as_of=AS_OF, outputs=["out"], processes=True)
    except EngineError as problem:
        return problem.code
    finally:
        backend.Worker = worker  # type: ignore[misc]
    return ""


class _Killed(backend.Worker):
    def alone(self, span: Any) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_copy_is_told_in_a_line(tmp_path: Path) -> None:
    cases = [household({"x": str(number)}) for number in range(6)]
    for number, case in enumerate(cases):
        case["household"]["id"] = f"h{number}"
    write_snapshot(tmp_path / "in", BOOK, cases, slice_size=2)
    assert in_a_fresh_process(killed, tmp_path) == "screen.child_died"


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
