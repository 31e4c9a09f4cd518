"""The child process: `python -m doudi.sources.reading.child`. Reads one delivery under limits, results in a folder.

The job, with the key of persons, comes in on standard input; nothing goes out but files in the folder. No Django.
"""

from __future__ import annotations

import json
import pickle
import resource
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

from doudi.sources.reading.annotating import Annotation, annotate
from doudi.sources.reading.job import LAKE, RESULT, Job, Limits, Outcome

BEYOND_LIMITS = 3


def limit(limits: Limits) -> None:
    """No more than this; no core file, which would hold people's data."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file, limits.file))


def read(job: Job) -> Outcome:
    """The outcome of one delivery; its rows are in the folder unless it was refused."""
    from doudi.sources.reading.faults import Refusal
    from doudi.sources.reading.report import Report

    report = Report(Path(job.folder))
    try:
        _take(job, report)
    except Refusal as refusal:
        read_as = report.outcome
        return Outcome(
            refusal=refusal.problem.data(),
            encoding=read_as.encoding,
            delimiter=read_as.delimiter,
            sheet=read_as.sheet,
            header_row=read_as.header_row,
        )
    return report.close()


def _take(job: Job, report: object) -> None:
    from doudi.sources.reading.finding import found_table
    from doudi.sources.reading.header import cutoff_in
    from doudi.sources.reading.late import set_conflicts_aside
    from doudi.sources.reading.report import Report
    from doudi.sources.reading.taking import Taking, chunks

    assert isinstance(report, Report)
    opened, header = found_table(Path(job.path), job.feed)
    said = cutoff_in(header.titles)
    report.outcome.cutoff = said
    report.outcome.encoding, report.outcome.delimiter = opened.encoding, opened.delimiter
    report.outcome.sheet, report.outcome.header_row = opened.sheet, header.last_row
    taking = Taking(job, header, report, job.cutoff or (date.fromisoformat(said) if said else None))
    for chunk in chunks(opened.rows):
        taking.add(chunk)
    taking.finish()
    conflicts = taking.duplicates.conflicts
    if conflicts:
        set_conflicts_aside(job, header, taking)
    report.outcome.accepted = taking.lake.write(Path(job.folder) / LAKE, set(conflicts))


def main() -> int:
    """Exit code 0 with result.json, or BEYOND_LIMITS."""
    job: Job | Annotation = pickle.load(sys.stdin.buffer)  # noqa: S301  (written by the parent, on a pipe)
    limit(job.limits)
    if isinstance(job, Annotation):
        annotate(job)
        return 0
    try:
        outcome = read(job)
    except MemoryError:
        return BEYOND_LIMITS
    except Exception as error:
        outcome = Outcome(refusal=_unreadable(error))
    text = json.dumps(asdict(outcome), ensure_ascii=False)
    (Path(job.folder) / RESULT).write_text(text, encoding="utf-8")
    return 0


def _unreadable(error: Exception) -> dict[str, object]:
    """An error nobody foresaw: its kind and place, never its content."""
    from doudi.sources.reading.faults import problem

    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
    return problem("file.unreadable", where=f"{type(error).__name__} {where}").data()


if __name__ == "__main__":
    sys.exit(main())
