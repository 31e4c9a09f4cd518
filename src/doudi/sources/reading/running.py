"""The parent's side: starts the child on one delivery and waits; the parent is untouched whatever the file does."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from doudi.sources.reading.annotating import ANNOTATED, Annotation
from doudi.sources.reading.faults import problem
from doudi.sources.reading.job import RESULT, Job, Outcome

KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")


def run(job: Job) -> Outcome:
    """What the child made of a delivery; a crash, the memory limit and the time limit are refusals."""
    result = Path(job.folder) / RESULT
    if not _finished(job, job.folder, job.limits.wall) or not result.exists():
        return Outcome(refusal=problem("file.limits").data())
    return Outcome(**json.loads(result.read_text(encoding="utf-8")))


def run_annotation(work: Annotation) -> bytes | None:
    """The sender's file with its problems; None when it could not be written within the limits."""
    result = Path(work.folder) / ANNOTATED
    done = _finished(work, work.folder, work.limits.wall) and result.exists()
    return result.read_bytes() if done else None


def _finished(work: Job | Annotation, folder: str, wall: float) -> bool:
    """Whether a child did its work and ended well in time."""
    command = [sys.executable, "-I", "-B", "-m", "doudi.sources.reading.child"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ} | {"OMP_NUM_THREADS": "2"},
        cwd=folder,
        start_new_session=True,
    )
    try:
        process.communicate(pickle.dumps(work), timeout=wall)
    except subprocess.TimeoutExpired:
        return False
    finally:
        _end(process)
    return process.returncode == 0


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
