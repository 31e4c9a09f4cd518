"""Tasks shared out among copies of this process: each takes the next one that is left; nothing but "done" travels back."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from multiprocessing import current_process, get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.sharedctypes import Synchronized
from typing import Any, TypeVar

T = TypeVar("T")


class ChildDied(RuntimeError):
    """A process ended before its work did: killed, or out of memory."""


def may_fork() -> bool:
    """Only a process with a single thread may be copied, and one that may have children."""
    return sys.platform == "linux" and threading.active_count() == 1 and not current_process().daemon


def in_processes(count: int, tasks: Sequence[T], work: Callable[[T], None], done: Callable[[], None]) -> None:
    """Does `work` for every task in up to `count` processes; `done` is called here as often as a task is finished.

    The first error ends all of them and is raised here, and so does whatever interrupts this process.
    """
    context = get_context("fork")
    place: Synchronized[int] = context.Value("i", 0)
    running: dict[Connection, Any] = {}
    try:
        for _ in range(min(count, len(tasks))):
            receiver, sender = context.Pipe(duplex=False)
            child = context.Process(target=_work_off, args=(sender, place, tasks, work, os.getpid()), daemon=True)
            child.start()
            sender.close()
            running[receiver] = child
        while running:
            ready = wait(list(running))
            for receiver in [one for one in running if one in ready]:
                if _hears(receiver, running):
                    done()
    finally:
        for child in running.values():
            child.terminate()
            child.join()


def _hears(receiver: Connection, running: dict[Connection, Any]) -> bool:
    """Whether a task was finished; else the process has ended."""
    try:
        problem = receiver.recv()
    except EOFError:
        child = running.pop(receiver)
        child.join()
        if child.exitcode:
            raise ChildDied(f"exit code {child.exitcode}") from None
        return False
    if problem is not None:
        raise problem
    return True


def _work_off(
    sender: Connection, place: Synchronized[int], tasks: Sequence[T], work: Callable[[T], None], parent: int
) -> None:
    """Runs in the copy. Interrupts are the parent's affair; without it there is nothing to go on for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    while os.getppid() == parent:
        with place.get_lock():
            number, place.value = place.value, place.value + 1
        if number >= len(tasks):
            return
        try:
            work(tasks[number])
        except BaseException as problem:
            sender.send(_portable(problem))
            return
        sender.send(None)


def _portable(problem: BaseException) -> BaseException:
    """The error itself where it can travel, else its kind; its text may hold a value of a household."""
    try:
        pickle.loads(pickle.dumps(problem))  # noqa: S301 — what was packed just now
    except Exception:
        return ChildDied(type(problem).__name__)
    return problem
