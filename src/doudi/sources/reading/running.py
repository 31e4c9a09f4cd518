"""The parent's side: a reader process that opens files, one fork each; the parent is untouched whatever a file does."""

from __future__ import annotations

import json
import os
import pickle
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from doudi.sources.reading.annotating import ANNOTATED, Annotation
from doudi.sources.reading.faults import problem
from doudi.sources.reading.job import DONE, LENGTH, RESULT, Job, Outcome
from doudi.sources.reading.mentions import MENTIONS, Search

KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")
GRACE = 30.0
"""Seconds beyond a job's own limit before the reader itself is given up."""


class Reader:
    """A child process without Django and without the parent's secrets. It forks for each file, under that job's limits.

    The program is loaded once for many files; no file is opened in the process that is kept.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, job: Job) -> Outcome:
        """What became of a delivery; a crash, the memory limit and the time limit are refusals."""
        result = Path(job.folder) / RESULT
        if not self._done(job) or not result.exists():
            return Outcome(refusal=problem("file.limits").data())
        return Outcome(**json.loads(result.read_text(encoding="utf-8")))

    def annotate(self, work: Annotation) -> bytes | None:
        """The sender's file with its problems; None when it could not be written within the limits."""
        result = Path(work.folder) / ANNOTATED
        return result.read_bytes() if self._done(work) and result.exists() else None

    def mentions(self, work: Search) -> bool:
        """Whether a file has a row about one of some people; also when it could not be looked through."""
        result = Path(work.folder) / MENTIONS
        return not (self._done(work) and result.exists()) or result.read_text(encoding="ascii") != "0"

    def close(self) -> None:
        """End the reader and whatever it started."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                assert pipe is not None
                pipe.close()
        try:
            process.wait(1.0)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _done(self, work: Job | Annotation | Search) -> bool:
        """Whether the work ended well in time; a reader that does not answer is replaced."""
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        data = pickle.dumps(work)
        try:
            process.stdin.write(len(data).to_bytes(LENGTH) + data)
            process.stdin.flush()
            waiting = select.poll()
            waiting.register(process.stdout, select.POLLIN)
            ready = waiting.poll((work.limits.wall + GRACE) * 1000)
            answer = os.read(process.stdout.fileno(), 1) if ready else b""
        except OSError:
            answer = b""
        if not answer:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            self.close()
        return answer == DONE

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-m", "doudi.sources.reading.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=kept | {"OMP_NUM_THREADS": "2"},
                cwd="/",
                start_new_session=True,
            )
        return self._process
