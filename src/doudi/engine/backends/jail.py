"""Statements for DuckDB in a process of their own: locked, under limits of the system, killed when their time is over.

The child (`python -m doudi.engine.backends.jail`) gets its work on standard input and answers on standard output. It has
neither the parent's environment nor its descriptors, may gain no privileges, writes no core file, and where the system
lets it has a network with nothing in it and sees no files but its folders' (`lib.shut_in`). Only its answer comes back.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from doudi.lib import shut_in

KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ")
OVERHEAD = 2 * 2**30
"""Address space beside DuckDB's own memory: the program, its libraries, its threads' stacks."""
MOST_ROWS = 100_000


class JailError(RuntimeError):
    """What ended the work: `stopped` by the watchdog, `died` of a limit, or `refused` by DuckDB with its kind."""

    def __init__(self, code: str, kind: str = "") -> None:
        self.code, self.kind = code, kind
        super().__init__(f"{code} {kind}".strip())


@dataclass(frozen=True, slots=True)
class Limits:
    """What the work may use."""

    memory: int = 4 * 2**30
    """Bytes for DuckDB; the process gets OVERHEAD more of address space."""
    cpu: int = 1800
    """Seconds of processor time."""
    wall: float = 1800.0
    """Seconds altogether; the process is killed at once when they are over."""
    file: int = 64 * 2**30
    """Bytes of any file written."""
    threads: int = 2


def run(statements: Sequence[str], folders: Sequence[Path], limits: Limits | None = None) -> list[list[Any]]:
    """The rows of the last statement as JSON can hold them, read and written in `folders` only. Raises JailError."""
    own = limits or Limits()
    work = {"statements": list(statements), "folders": [str(one) for one in folders], "limits": asdict(own)}
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-I", "-B", "-m", "doudi.engine.backends.jail"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=kept,
        cwd="/",
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(json.dumps(work).encode(), timeout=own.wall)
    except subprocess.TimeoutExpired:
        raise JailError("stopped") from None
    finally:
        _end(process)
    return _answer(said)


def _answer(said: bytes) -> list[list[Any]]:
    try:
        answer = json.loads(said)
    except ValueError:
        raise JailError("died") from None
    if "error" in answer:
        raise JailError("refused", answer["error"])
    rows: list[list[Any]] = answer["rows"]
    return rows


def _end(process: subprocess.Popen[bytes]) -> None:
    """Whatever is left of it, at once."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def main() -> None:
    """The child: shuts itself in, works, answers."""
    work = json.load(sys.stdin.buffer)
    limits, folders = Limits(**work["limits"]), [Path(one) for one in work["folders"]]
    shut_in.end_with_parent()
    shut_in.nothing_new()
    shut_in.no_network()
    shut_in.limit(memory=limits.memory + OVERHEAD, cpu=limits.cpu, file=limits.file)
    import duckdb

    from doudi.engine.backends.locked import connect

    shut_in.only_folders(read=shut_in.program_folders(), write=folders)  # DuckDB's threads begin behind this wall
    try:
        with connect(f"{limits.memory // 10**6}MB", folders, threads=limits.threads) as connection:
            for statement in work["statements"]:
                connection.execute(statement)
            answer: dict[str, Any] = {"rows": [list(row) for row in connection.fetchmany(MOST_ROWS)]}
    except (duckdb.Error, MemoryError) as error:
        answer = {"error": type(error).__name__}  # its text may hold somebody's values
    sys.stdout.write(json.dumps(answer, default=str))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
