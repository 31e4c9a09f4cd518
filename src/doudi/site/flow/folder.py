"""A county's folder sorted out: areas, applications, deliveries by the name patterns of feeds, and strangers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from doudi.site import application_sheet
from doudi.site.application_cells import clean, decoded

AREAS = "areas.csv"
IGNORED = re.compile(r"readme.*|expected|\..*|~\$.*|thumbs\.db|.*\.(md|tmp|swp)", re.IGNORECASE)
CODE_HEADERS = ("区划代码", "代码", "code")
NAME_HEADERS = ("名称", "区划名称", "name")
COUNTY = 6


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was refused or set aside, as refused.json lists it."""

    file: str
    feed: str | None
    row: int | None
    column: str | None
    cell: str | None
    code: str
    message: dict[str, str]


@dataclass(frozen=True, slots=True)
class Folder:
    """What lies in a folder; every file is one of these or is ignored (README, expected, hidden)."""

    areas: Path | None = None
    applications: Path | None = None
    deliveries: tuple[tuple[Path, str], ...] = ()
    """(file, feed), in the order they are taken in."""
    strangers: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class AreaSheet:
    """Rows of areas.csv, and what was wrong with others."""

    rows: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    @property
    def counties(self) -> list[str]:
        return sorted({code for code, _name in self.rows if len(code) == COUNTY})

    @property
    def lacking(self) -> list[str]:
        """Counties whose province or prefecture is not in the sheet itself: the country's divisions bring it."""
        own = {code for code, _name in self.rows}
        counties = {code[:COUNTY] for code in own if len(code) >= COUNTY}
        return sorted(county for county in counties if not {county[:2], county[:4]} <= own)


def sorted_out(folder: Path, feed_of: dict[str, str]) -> Folder:
    """`feed_of` names the feed of each file name that has one."""
    areas = applications = None
    deliveries, strangers = [], []
    for path in sorted(folder.iterdir()):
        if IGNORED.fullmatch(path.name) or not path.is_file():
            continue
        if path.name == AREAS:
            areas = path
        elif path.name == application_sheet.NAME:
            applications = path
        elif path.name in feed_of:
            deliveries.append((path, feed_of[path.name]))
        else:
            strangers.append(path)
    return Folder(areas, applications, tuple(deliveries), tuple(strangers))


def names_in(folder: Path) -> list[str]:
    """Names of the plain files that are not ignored."""
    return sorted(path.name for path in folder.iterdir() if path.is_file() and not IGNORED.fullmatch(path.name))


def read_areas(path: Path) -> AreaSheet:
    """Codes and names; a line whose code is no area code is left out and named."""
    text = decoded(path.read_bytes())
    if text is None:
        return AreaSheet(problems=(_problem(None, None, "areas.encoding"),))
    lines = csv.reader(io.StringIO(text, newline=""))
    header = [clean(cell) for cell in next(lines, [])]
    code_at, name_at = _place(header, CODE_HEADERS), _place(header, NAME_HEADERS)
    if code_at is None or name_at is None:
        return AreaSheet(problems=(_problem(1, None, "areas.column_missing"),))
    rows, problems = [], []
    for number, cells in enumerate(lines, start=2):
        values = [clean(cell) for cell in cells]
        if not any(values):
            continue
        code, name = (values[at] if at < len(values) else "" for at in (code_at, name_at))
        if code.isascii() and code.isdigit() and len(code) in (2, 4, 6, 9, 12) and name:
            rows.append((code, name))
        else:
            problems.append(_problem(number, header[code_at], "areas.malformed"))
    return AreaSheet(tuple(rows), tuple(problems))


WORDS = {
    "areas.encoding": (
        "区划表编码不是 UTF-8，也不是 GB18030。请另存为 UTF-8。",
        "The sheet of areas is neither UTF-8 nor GB18030. Save it as UTF-8.",
    ),
    "areas.column_missing": (
        "区划表缺少“区划代码”或“名称”列。请补上。",
        "The sheet of areas lacks the column 区划代码 or 名称. Add it.",
    ),
    "areas.malformed": (
        "这一行的区划代码或名称不对，没有加入。代码应为 2、4、6、9 或 12 位数字。",
        "Code or name of this area is wrong; it was not added. A code has 2, 4, 6, 9 or 12 digits.",
    ),
}


def _problem(row: int | None, column: str | None, code: str) -> Problem:
    zh, en = WORDS[code]
    return Problem(AREAS, None, row, column, None, code, {"zh": zh, "en": en})


def _place(header: list[str], names: Iterable[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)
