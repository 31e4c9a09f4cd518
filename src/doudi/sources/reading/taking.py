"""Reading a delivery through: chunks of rows become typed columns; what is wrong is reported, what is right is kept."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from doudi.engine.feeds import Column
from doudi.sources.reading.cells import text_of
from doudi.sources.reading.checks import Checks
from doudi.sources.reading.duplicates import Duplicates
from doudi.sources.reading.faults import Problem, Refusal, cell_name, problem
from doudi.sources.reading.header import Header, Slot
from doudi.sources.reading.job import PEOPLE, Job
from doudi.sources.reading.keying import keyer
from doudi.sources.reading.lake_file import LakeFile
from doudi.sources.reading.lines import BLANK, DATA, NOTE, is_blank, kind_of
from doudi.sources.reading.people_file import PeopleFile, keeps_people
from doudi.sources.reading.persons import AS_FLOAT, EMPTY, NumberReader, Who, has_number, people_in
from doudi.sources.reading.report import Report
from doudi.sources.reading.values import CellReader

CHUNK = 20_000
Row = tuple[int, list[Any]]
Faults = dict[int, list[Problem]]


class Taking:
    """One pass over the rows below the header."""

    def __init__(self, job: Job, header: Header, report: Report, cutoff: datetime.date | None) -> None:
        feed, folder = job.feed, Path(job.folder)
        self._received_on = job.received_on
        self._feed, self._header, self.report = feed, header, report
        self._person = next(slot for slot in header.slots if slot.column.role == "person")
        self._numbers = NumberReader(self._person.column, keyer(job.crypto, job.person_key))
        unread = {"person", "people"} | (set() if keeps_people(feed) or feed.duplicates != "keep" else {"name"})
        self._readers = [
            (slot, CellReader(slot.column, slot.multiply)) for slot in header.slots if slot.column.role not in unread
        ]
        self._people = next((slot for slot in header.slots if slot.column.role == "people"), None)
        self._needed = max((slot.index for slot in header.slots if slot.column.required), default=0)
        self._totals = (feed.totals[1],) if feed.totals else ()
        self._unnamed = set(header.unnamed)
        self._wide_is_wrong = feed.format == "csv"
        self.lake = LakeFile(feed, job.delivery)
        self.people = PeopleFile(feed, folder / PEOPLE) if keeps_people(feed) else None
        self.checks, self.duplicates = Checks(feed, cutoff), Duplicates(feed)
        self._first: datetime.date | None = None
        self._last: datetime.date | None = None
        self._lost_digits, self._whole_numbers = 0, 0
        self._lost_at: tuple[int, str] | None = None

    def add(self, chunk: list[Row]) -> None:
        """Takes in a chunk."""
        whose, width = self._whose(chunk), self._header.width
        if None not in whose and all(len(cells) == width for _number, cells in chunk):
            self._typed(chunk, whose)  # type: ignore[arg-type]
        else:
            self._sorted_out(chunk, whose)
        self._numbers.forget()
        for _slot, reader in self._readers:
            reader.forget()

    def _sorted_out(self, chunk: list[Row], whose: list[Who | None]) -> None:
        """Rows that fit are read on, the odd ones looked at one by one."""
        good: list[Row] = []
        who: list[Who] = []
        for (number, cells), found in zip(chunk, whose, strict=True):
            width = len(cells)
            fits = width == self._header.width or self._fitted(number, cells)
            if found is not None and fits:
                good.append((number, cells))
                who.append(found)
            elif not is_blank(cells):
                self._odd(number, cells, found, None if fits else width)
        if good:
            self._typed(good, who)

    def finish(self) -> None:
        """Checks of the whole; called once, after the last chunk."""
        if self._lost_at and self._lost_digits >= 3 and self._lost_digits > self._whole_numbers:
            row, cell = self._lost_at
            raise Refusal(problem(AS_FLOAT, row=row, column=self._person.name, cell=cell))
        for found in self.checks.of_delivery(self.report.outcome.rows):
            self.report.note(found)
        self._check_period()
        self.report.outcome.measured_from = self._first.isoformat() if self._first else None
        self.report.outcome.measured_to = self._last.isoformat() if self._last else None
        self.report.outcome.has_people = self.people is not None
        if self.people:
            self.people.close()

    def _check_period(self) -> None:
        """A feed whose months are measured covers none without a usable row: its people would seem to have nothing."""
        if self._feed.coverage != "measured" or (self._first is not None and self._first <= self._received_on):
            return
        slot = next((slot for slot in self._header.slots if slot.column.name == self._feed.period_column), None)
        raise Refusal(problem("delivery.no_period", column=slot.name if slot else self._feed.period_column))

    def _whose(self, chunk: list[Row]) -> list[Who | None]:
        at, numbers = self._person.index, self._numbers
        return [numbers[cells[at]] if len(cells) > at else None for _number, cells in chunk]

    def _fitted(self, number: int, cells: list[Any]) -> bool:
        """Makes a row as wide as the header; False when it is too wide, or too short for what is needed."""
        width = self._header.width
        if len(cells) > width:
            extra = next((at for at in range(width, len(cells)) if text_of(cells[at])), None)
            if extra is not None and self._wide_is_wrong:
                return False
            if extra is not None:
                self._unread(number, extra)
            del cells[width:]
            return True
        if len(cells) <= self._needed:
            return False
        cells.extend([""] * (width - len(cells)))
        return True

    def _unread(self, row: int, at: int) -> None:
        """Data in a column without a name: said once a column."""
        if at in self._unnamed or at >= self._header.width:
            self._unnamed.discard(at)
            self.report.note(problem("header.unnamed", row=row, cell=cell_name(at, row)))

    def _odd(self, row: int, cells: list[Any], who: Who | None, width: int | None) -> None:
        """A row whose number or width does not fit (`width`, if so): no data, waiting, or set aside."""
        kind = kind_of(cells, self._header, self._totals) if who is None else DATA
        if kind == BLANK:
            return
        if kind != DATA:
            self.report.outcome.left_out += 1
            if kind == NOTE:
                self.report.note(problem("row.note", row=row))
            return
        self.report.outcome.rows += 1
        at = self._person.index
        cell = cell_name(at, row)
        fault = self._numbers.faults.get(cells[at], EMPTY) if len(cells) > at else EMPTY
        if who is None and fault == AS_FLOAT:
            raise Refusal(problem(AS_FLOAT, row=row, column=self._person.name, cell=cell))
        if width is not None:
            number = next((n for one in cells if (n := has_number(one))), None)
            found = problem("row.width", row=row, found=width, wanted=self._header.width)
            self.report.set_aside(found, cells, self._numbers[number][1] if number else None)  # type: ignore[index]
        else:
            found = problem(fault, row=row, column=self._person.name, cell=cell)
            self.report.set_aside(found, cells, None, waits=fault == EMPTY)
            self._watch_lost(row, cells[at], cell, fault)
        self.report.note(found)

    def _watch_lost(self, row: int, value: Any, cell: str, fault: str) -> None:
        """A spreadsheet once saved as text leaves numbers ending in 000."""
        if fault in ("row.number_check", "row.number_birth") and text_of(value).endswith("000"):
            self._lost_digits += 1
            self._lost_at = self._lost_at or (row, cell)

    def _typed(self, good: list[Row], who: list[Who]) -> None:
        """Rows with a usable number: every column read, faults and duplicates taken out, the rest kept."""
        outcome = self.report.outcome
        outcome.rows += len(good)
        self._whole_numbers += len(good)
        rows = [number for number, _cells in good]
        faults: Faults = {}
        values = self._columns(good, faults)
        people = self._members(good)
        for at, check, found in self.checks.of_rows(values, rows):
            if check.severity == "quarantine":
                faults.setdefault(at, []).append(found)
            else:
                self.report.note(found)
        for at, found_here in faults.items():
            self.report.set_aside(found_here[0], good[at][1], who[at][1])
            for found in found_here:
                self.report.note(found)
        repeated = self._repeated(who, values, people, rows, faults)
        outcome.duplicates += len(repeated)
        if self.people:
            self._keep_people(who, values, people, rows, repeated)
        keys = [key for _number, key in who]
        if faults or repeated:
            kept = [at for at in range(len(good)) if at not in faults and at not in repeated]
            values = {name: [cells[at] for at in kept] for name, cells in values.items()}
            keys, rows = [keys[at] for at in kept], [rows[at] for at in kept]
        self._measure(values)
        self.lake.add(keys, values, rows)

    def _columns(self, good: list[Row], faults: Faults) -> dict[str, list[Any]]:
        values: dict[str, list[Any]] = {}
        for at in sorted(self._unnamed):
            row = next((number for number, cells in good if at < len(cells) and text_of(cells[at])), None)
            if row is not None:
                self._unread(row, at)
        columns = list(zip(*(cells for _number, cells in good), strict=True))
        for slot, reader in self._readers:
            cells: Sequence[Any] = columns[slot.index]
            if slot.column.part_of is not None:
                cells = [part_of(slot.column, cell) for cell in cells]
            values[slot.column.name] = list(map(reader.__getitem__, cells))
            if reader.faults:
                for at, cell in enumerate(cells):
                    if cell in reader.faults:
                        faults.setdefault(at, []).append(self._fault(slot, good[at][0], reader.faults[cell]))
        return values

    def _fault(self, slot: Slot, row: int, code: str) -> Problem:
        at = cell_name(slot.index, row)
        return problem(code, row=row, column=slot.name, cell=at, minimum=slot.column.minimum)

    def _members(self, good: list[Row]) -> list[list[tuple[str, str]]]:
        """The people of a cell with several; an unreadable one is reported and left out, the others stay."""
        if self._people is None:
            return [[] for _row in good]
        found = []
        for number, cells in good:
            people, whole = people_in(cells[self._people.index])
            if not whole:
                at = cell_name(self._people.index, number)
                self.report.note(problem("row.people", row=number, column=self._people.name, cell=at))
            found.append(people)
        return found

    def _repeated(
        self,
        who: list[Who],
        values: dict[str, list[Any]],
        people: list[list[tuple[str, str]]],
        rows: list[int],
        faults: Faults,
    ) -> set[int]:
        if self._feed.duplicates == "keep":
            return set()
        kept = [at for at in range(len(rows)) if at not in faults]
        whose = [(who[at][0], people[at]) for at in kept]
        chosen = {name: [cells[at] for at in kept] for name, cells in values.items()}
        return {kept[at] for at in self.duplicates.repeated(whose, chosen, [rows[at] for at in kept])}

    def _keep_people(
        self,
        who: list[Who],
        values: dict[str, list[Any]],
        people: list[list[tuple[str, str]]],
        rows: list[int],
        repeated: set[int],
    ) -> None:
        """Rows with a usable number, whatever else is wrong with them: the person is there all the same."""
        at = [one for one in range(len(who)) if one not in repeated]
        name = next((slot.column.name for slot in self._header.slots if slot.column.role == "name"), None)
        names = values[name] if name else [None] * len(who)
        chosen = {column: [cells[one] for one in at] for column, cells in values.items()}
        assert self.people is not None
        self.people.add(
            [who[one][0] for one in at],
            [names[one] for one in at],
            [people[one] for one in at],
            chosen,
            [rows[one] for one in at],
        )

    def _measure(self, values: dict[str, list[Any]]) -> None:
        days = {day for day in values.get(self._feed.period_column or "", ()) if day is not None}
        if days:
            first, last = min(days).replace(day=1), max(days).replace(day=1)
            self._first = min(self._first or first, first)
            self._last = max(self._last or last, last)


def part_of(column: Column, cell: Any) -> Any:
    """The part of another column's cell that the pattern names; all of it if there is no pattern."""
    if column.pattern is None:
        return cell
    match = re.search(column.pattern, text_of(cell))
    return match[1] if match else ""


def chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows in pieces of bounded size."""
    remaining = iter(rows)
    while piece := list(islice(remaining, CHUNK)):
        yield piece
