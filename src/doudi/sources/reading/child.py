"""The reader process: `python -m doudi.sources.reading.child`. Forks for each delivery; the fork reads it under limits.

Jobs, with the key of persons, come in on standard input; nothing goes out but files in the job's folder and one byte:
whether it ended well. Imports no Django.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import select
import signal
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

from doudi.lib import shut_in as walls
from doudi.sources.reading.annotating import Annotation, annotate
from doudi.sources.reading.faults import Refusal, problem
from doudi.sources.reading.finding import found_table
from doudi.sources.reading.header import cutoff_in
from doudi.sources.reading.job import DONE, FAILED, LAKE, LENGTH, RESULT, Job, Outcome
from doudi.sources.reading.late import set_conflicts_aside
from doudi.sources.reading.mentions import Search, search
from doudi.sources.reading.report import Report
from doudi.sources.reading.taking import Taking, chunks

BEYOND_LIMITS = 3


def main() -> None:
    """Job after job until the parent closes the pipe."""
    jobs, answers = sys.stdin.buffer, sys.stdout.buffer
    while length := jobs.read(LENGTH):
        work: Job | Annotation | Search = pickle.loads(jobs.read(int.from_bytes(length)))  # noqa: S301  (the parent's own pipe)
        answers.write(DONE if _ended_well(work) else FAILED)
        answers.flush()


def _ended_well(work: Job | Annotation | Search) -> bool:
    """One fork for one file; killed when its time is over."""
    child = os.fork()
    if child == 0:
        code = BEYOND_LIMITS
        try:
            code = perform(work)
        finally:
            os._exit(code)
    watched = os.pidfd_open(child)
    try:
        ended, _, _ = select.select([watched], [], [], work.limits.wall)
        if not ended:
            os.kill(child, signal.SIGKILL)
    finally:
        os.close(watched)
    _, status = os.waitpid(child, 0)
    return status == 0


def perform(work: Job | Annotation | Search) -> int:
    """Exit code 0 with the result in the folder, or BEYOND_LIMITS."""
    shut_in(work)
    gc.disable()  # short-lived, and rows hold no circles
    try:
        if isinstance(work, Annotation):
            annotate(work)
            return 0
        if isinstance(work, Search):
            search(work)
            return 0
        outcome = outcome_of(work)
    except MemoryError:
        return BEYOND_LIMITS
    text = json.dumps(asdict(outcome), ensure_ascii=False)
    (Path(work.folder) / RESULT).write_text(text, encoding="utf-8")
    return 0


def shut_in(work: Job | Annotation | Search) -> None:
    """No more than the limits, no network, and no files but those of the job's folder and the program's own."""
    walls.end_with_parent()
    walls.nothing_new()
    walls.no_network()
    limits, folder = work.limits, Path(work.folder)
    walls.limit(memory=limits.memory, cpu=limits.cpu, file=limits.file)
    walls.only_folders(read=[*walls.program_folders(), Path(work.path)], write=[folder])


def outcome_of(job: Job) -> Outcome:
    """What a delivery comes to, read here and now: called in a fork, and by tests of small files."""
    report = Report(Path(job.folder))
    try:
        _take(job, report)
        return report.close()
    except Refusal as refusal:
        fault = refusal.problem.data()
    except MemoryError:
        raise
    except Exception as error:  # nobody foresaw it: the file is not taken in
        _still_has_memory()
        fault = _unreadable(error)
    read_as = report.outcome
    return Outcome(
        refusal=fault,
        encoding=read_as.encoding,
        delimiter=read_as.delimiter,
        sheet=read_as.sheet,
        header_row=read_as.header_row,
    )


def _take(job: Job, report: Report) -> None:
    """Reads a delivery through; its rows are in the folder afterwards. Raises Refusal."""
    opened, header = found_table(Path(job.path), job.feed)
    said = cutoff_in(header.titles)
    outcome = report.outcome
    outcome.cutoff = said
    outcome.encoding, outcome.delimiter, outcome.sheet = opened.encoding, opened.delimiter, opened.sheet
    outcome.header_row = header.last_row
    taking = Taking(job, header, report, job.cutoff or (date.fromisoformat(said) if said else None))
    for chunk in chunks(opened.rows):
        taking.add(chunk)
    taking.finish()
    conflicts = taking.duplicates.conflicts
    if conflicts:
        set_conflicts_aside(job, header, taking)
    outcome.accepted = taking.lake.write(Path(job.folder) / LAKE, set(conflicts))


def _still_has_memory() -> None:
    """Raises MemoryError when little is left: then other errors are only its followers."""
    bytearray(32 * 2**20)


def _unreadable(error: Exception) -> dict[str, object]:
    """An unforeseen error: its kind and place, never its content."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
    return problem("file.unreadable", where=f"{type(error).__name__} {where}").data()


if __name__ == "__main__":
    main()
