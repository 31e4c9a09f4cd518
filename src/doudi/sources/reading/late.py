"""Rows found to be wrong only after others were read: their cells are fetched by reading the file once more."""

from __future__ import annotations

from pathlib import Path

from doudi.sources.reading.faults import problem
from doudi.sources.reading.finding import found_table
from doudi.sources.reading.header import Header
from doudi.sources.reading.job import Job
from doudi.sources.reading.keying import keyer
from doudi.sources.reading.persons import NumberReader
from doudi.sources.reading.taking import Taking


def set_conflicts_aside(job: Job, header: Header, taking: Taking) -> None:
    """All rows of a key that disagree are set aside: nobody knows which one is right."""
    conflicts = taking.duplicates.conflicts
    slots = {slot.column.name: slot for slot in header.slots}
    person = next(slot for slot in header.slots if slot.column.role == "person")
    numbers = NumberReader(person.column, keyer(job.crypto, job.person_key))
    opened, _header = found_table(Path(job.path), job.feed)
    for row, cells in opened.rows:
        if row in conflicts:
            found = problem("row.conflicting", row=row, column=slots[conflicts[row]].name)
            who = numbers[cells[person.index]]
            taking.report.set_aside(found, cells, who[1] if who else None)
            taking.report.note(found)
