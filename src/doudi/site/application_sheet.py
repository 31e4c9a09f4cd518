"""Applications as a county's window exports them (applications.csv): rows read, numbers normalised, every fault named.

Columns: 申请编号 申请日期 户号 申请人证号 共同生活成员证号 申报其他月收入 年教育支出 法定义务人 已签授权书成员证号;
several numbers in one cell are divided by semicolons. An application whose number and date can be read is kept,
whatever else is wrong with its row: what cannot be read is unknown, never guessed and never left out of the family.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from doudi.site.application_cells import CellFault, clean, day, decoded, money, numbers, obligors

NAME = "applications.csv"
COLUMNS = (
    "申请编号",
    "申请日期",
    "户号",
    "申请人证号",
    "共同生活成员证号",
    "申报其他月收入",
    "年教育支出",
    "法定义务人",
    "已签授权书成员证号",
)
NUMBER, DATE, HOUSEHOLD, APPLICANT, MEMBERS, INCOME, EDUCATION, OBLIGORS, SIGNED = COLUMNS
LEADING = (NUMBER, DATE, HOUSEHOLD, APPLICANT, MEMBERS)
"""Columns that can be told apart by what they hold, even in a row that is too long or too short."""
DELIMITERS = (",", "\t", ";", "|")
TITLE_ROWS = 5

WORDS: dict[str, tuple[str, str]] = {
    "applications.encoding": (
        "文件编码不是 UTF-8，也不是 GB18030。请另存为 UTF-8 再导入。",
        "The file is neither UTF-8 nor GB18030. Save it as UTF-8 and load it again.",
    ),
    "applications.broken": (
        "文件从某一行起读不下去，后面的申请没有收下。请重新导出。",
        "From some line on the file cannot be read; the applications after it were not taken in. Export it again.",
    ),
    "applications.column_missing": (
        "缺少列：{names}。请按申请表样补上这些列。",
        "Columns missing: {names}. Add them as in the sample sheet.",
    ),
    "applications.width": (
        "这一行有 {cells} 列，表头有 {width} 列：收入、支出、义务人、授权按未知处理。请检查是否多了逗号或断了行。",
        "This row has {cells} cells, the header {width}: income, spending, obligors and signatures are unknown."
        " Look for a stray comma or a broken line.",
    ),
    "applications.number_missing": (
        "没有申请编号，这份申请没有收下。请补上。",
        "The application number is missing; the application was not taken in. Add it.",
    ),
    "applications.number_twice": (
        "同一申请编号有两行，内容不同：按第一行办。请核对。",
        "The application number stands in two rows that differ; the first one holds. Check which is right.",
    ),
}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One application. `obligors` is 有, 无 or None (not clear); money in yuan (a month, a year), None is unknown.

    `unreadable` are members whose number is none, as written: they belong to the family and nothing is known of them.
    """

    number: str
    applied_on: date
    household_number: str
    applicant: str
    members: tuple[str, ...]
    other_monthly_income: Decimal | None
    yearly_education_spending: Decimal | None
    obligors: str | None
    signed: tuple[str, ...]
    row: int
    unreadable: tuple[str, ...] = ()

    @property
    def unnumbered(self) -> int:
        """Members nobody can be named for: those unreadable, and one where no member is given at all."""
        return len(self.unreadable) or int(not self.members)


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """What is wrong with a row or the sheet. `row` counts from 1 as in the file, `cell` is like D7."""

    row: int | None
    column: str | None
    cell: str | None
    code: str
    message: dict[str, str]


def read_sheet(path: Path) -> tuple[list[SheetRow], list[SheetProblem]]:
    """All applications that can be kept, in file order, and everything that was wrong."""
    text = decoded(path.read_bytes())
    if text is None:
        return [], [_problem(None, None, None, "applications.encoding")]
    lines, places, missing = _laid_out(text)
    if missing:
        names = "、".join(missing)
        return [], [_problem(1, names, None, "applications.column_missing", names=names)]
    sheet = _Sheet(places, max(places.values()) + 1, [], [], {})
    try:
        for number, cells in lines:
            if any(clean(cell) for cell in cells):
                sheet.take(number, cells)
    except csv.Error:
        sheet.problems.append(_problem(None, None, None, "applications.broken"))
    return sheet.rows, sheet.problems


@dataclass(slots=True)
class _Sheet:
    """What has been read so far; `seen` holds the cells of each application number."""

    places: Mapping[str, int]
    width: int
    rows: list[SheetRow]
    problems: list[SheetProblem]
    seen: dict[str, dict[str, str]]

    def take(self, number: int, cells: Sequence[str]) -> None:
        """One line of the file."""
        value = self._values(number, cells)
        name = value[NUMBER]
        applied = day(value[DATE])
        if not name:
            self._note(number, NUMBER, _problem(number, NUMBER, None, "applications.number_missing"))
        elif name in self.seen:
            if self.seen[name] != value:
                self._note(number, NUMBER, _problem(number, NUMBER, None, "applications.number_twice"))
        elif applied is None:
            self._fault(number, CellFault(DATE, "applications.date_invalid"))
        else:
            self.seen[name] = value
            self.rows.append(self._row(number, name, applied, value))

    def _values(self, number: int, cells: Sequence[str]) -> dict[str, str]:
        """Cells by column; of a row that does not fit the header only the leading columns are believed."""
        while len(cells) > self.width and not clean(cells[-1]):
            cells = cells[:-1]
        fits = len(cells) == self.width
        if not fits:
            problem = _problem(number, NUMBER, None, "applications.width", cells=len(cells), width=self.width)
            self._note(number, NUMBER, problem)
        wanted = COLUMNS if fits else LEADING
        found = {name: clean(cells[self.places[name]]) for name in wanted if self.places[name] < len(cells)}
        return dict.fromkeys(COLUMNS, "") | found

    def _row(self, number: int, name: str, applied: date, value: Mapping[str, str]) -> SheetRow:
        members, applicant, signed = (numbers(value[column]) for column in (MEMBERS, APPLICANT, SIGNED))
        income, bad_income = money(value[INCOME], INCOME)
        education, bad_education = money(value[EDUCATION], EDUCATION)
        status, bad_status = obligors(value[OBLIGORS], OBLIGORS)
        faults = [CellFault(MEMBERS, "applications.number_invalid")] * bool(members.unreadable)
        faults += [CellFault(APPLICANT, "applications.number_invalid")] * bool(applicant.unreadable)
        faults += [CellFault(SIGNED, "applications.signature_invalid")] * bool(signed.unreadable)
        if not members.good and not members.unreadable:
            faults.append(CellFault(MEMBERS, "applications.no_member"))
        if set(signed.good) - set(members.good):
            faults.append(CellFault(SIGNED, "applications.signature_of_stranger"))
        for fault in (*faults, bad_income, bad_education, bad_status):
            if fault is not None:
                self._fault(number, fault)
        return SheetRow(
            number=name,
            applied_on=applied,
            household_number=value[HOUSEHOLD],
            applicant=(applicant.good or members.good or ("",))[0],
            members=members.good,
            other_monthly_income=income,
            yearly_education_spending=education,
            obligors=status,
            signed=tuple(item for item in signed.good if item in members.good),
            row=number,
            unreadable=members.unreadable,
        )

    def _fault(self, number: int, fault: CellFault) -> None:
        self._note(number, fault.column, SheetProblem(number, fault.column, None, fault.code, fault.message))

    def _note(self, number: int, column: str, problem: SheetProblem) -> None:
        cell = f"{_letter(self.places[column])}{number}"
        self.problems.append(SheetProblem(problem.row, problem.column, cell, problem.code, problem.message))


def _laid_out(text: str) -> tuple[Iterator[tuple[int, list[str]]], dict[str, int], list[str]]:
    """Numbered lines below the header, where each column is, which are missing. Titles may stand above the header."""
    best: list[str] = list(COLUMNS)
    for delimiter in DELIMITERS:
        lines = enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1)
        for number, cells in lines:
            header = [clean(cell) for cell in cells]
            missing = [name for name in COLUMNS if name not in header]
            if not missing:
                return lines, {name: header.index(name) for name in header if name}, []
            best = missing if len(missing) < len(best) else best
            if number >= TITLE_ROWS:
                break
    return iter(()), {}, best


def _problem(row: int | None, column: str | None, cell: str | None, code: str, **said: object) -> SheetProblem:
    zh, en = WORDS[code]
    return SheetProblem(row, column, cell, code, {"zh": zh.format(**said), "en": en.format(**said)})


def _letter(place: int) -> str:
    """Column letters as a spreadsheet has them: A … Z, AA …"""
    return (_letter(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)
