"""Applications as a county's window exports them (applications.csv): rows read, numbers normalised, every fault named.

Columns: 申请编号 申请日期 户号 申请人证号 共同生活成员证号 申报其他月收入 年教育支出 法定义务人 已签授权书成员证号;
several numbers in one cell are divided by semicolons. A row with a fault is left out and reported, the others go on.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from doudi.lib.identity_number import normalise

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
OBLIGORS = {"有": "有", "无": "无", "不清楚": None}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One application. `obligors` is 有, 无 or None (not clear); money in yuan (a month, a year)."""

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


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """What is wrong with a row or the sheet. `row` counts from 1 as in the file, `cell` is like D7."""

    row: int | None
    column: str | None
    cell: str | None
    code: str
    message: dict[str, str]


class _Fault(Exception):
    def __init__(self, column: str, code: str, zh: str, en: str) -> None:
        super().__init__(code)
        self.column, self.code, self.message = column, code, {"zh": zh, "en": en}


def read_sheet(path: Path) -> tuple[list[SheetRow], list[SheetProblem]]:
    """All acceptable rows in file order, and what was wrong with the rest."""
    text = _decoded(path.read_bytes())
    if text is None:
        return [], [
            SheetProblem(
                None,
                None,
                None,
                "applications.encoding",
                _said(
                    "文件编码不是 UTF-8，也不是 GB18030。请另存为 UTF-8 再导入。",
                    "The file is neither UTF-8 nor GB18030. Save it as UTF-8 and load it again.",
                ),
            )
        ]
    lines = csv.reader(io.StringIO(text, newline=""))
    header = [_clean(cell) for cell in next(lines, [])]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        names = "、".join(missing)
        return [], [
            SheetProblem(
                1,
                names,
                None,
                "applications.column_missing",
                _said(
                    f"缺少列：{names}。请按申请表样补上这些列。",
                    f"Columns missing: {names}. Add them as in the sample sheet.",
                ),
            )
        ]
    places = {name: header.index(name) for name in COLUMNS}
    rows: list[SheetRow] = []
    problems: list[SheetProblem] = []
    seen: set[str] = set()
    for number, cells in _numbered(lines):
        try:
            rows.append(_row(number, cells, places, len(header), seen))
        except _Fault as fault:
            cell = f"{_letter(places[fault.column])}{number}" if fault.column in places else None
            problems.append(SheetProblem(number, fault.column, cell, fault.code, fault.message))
    return rows, problems


def _numbered(lines: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(lines, start=2):
        if any(_clean(cell) for cell in cells):
            yield number, cells


def _row(number: int, cells: list[str], places: dict[str, int], width: int, seen: set[str]) -> SheetRow:
    if len(cells) != width:
        raise _Fault(
            "申请编号",
            "applications.width",
            f"这一行有 {len(cells)} 列，表头有 {width} 列。请检查是否断行。",
            f"This row has {len(cells)} cells, the header {width}. Check for a broken line.",
        )
    value = {name: _clean(cells[place]) for name, place in places.items()}
    if not value["申请编号"]:
        raise _Fault(
            "申请编号",
            "applications.number_missing",
            "没有申请编号。请补上。",
            "The application number is missing. Add it.",
        )
    if value["申请编号"] in seen:
        raise _Fault(
            "申请编号",
            "applications.number_twice",
            "申请编号重复。请保留一行。",
            "The application number stands twice. Keep one row.",
        )
    members = _numbers(value["共同生活成员证号"], "共同生活成员证号")
    if not members:
        raise _Fault(
            "共同生活成员证号",
            "applications.no_member",
            "没有共同生活成员。请至少填申请人。",
            "No family member is given. Enter at least the applicant.",
        )
    row = SheetRow(
        number=value["申请编号"],
        applied_on=_day(value["申请日期"]),
        household_number=value["户号"],
        applicant=_numbers(value["申请人证号"], "申请人证号")[0] if value["申请人证号"] else members[0],
        members=members,
        other_monthly_income=_money(value["申报其他月收入"], "申报其他月收入"),
        yearly_education_spending=_money(value["年教育支出"], "年教育支出"),
        obligors=_obligors(value["法定义务人"]),
        signed=_numbers(value["已签授权书成员证号"], "已签授权书成员证号"),
        row=number,
    )
    seen.add(row.number)
    return row


def _numbers(text: str, column: str) -> tuple[str, ...]:
    found: list[str] = []
    for part in re.split(r"[;；,，、]", text):
        if not part.strip():
            continue
        number = normalise(part)
        if number is None:
            raise _Fault(
                column,
                "applications.number_invalid",
                "有证号校验位或长度不对。请核对证件后改正。",
                "An identity number has a wrong length or check character. Correct it from the card.",
            )
        if number not in found:
            found.append(number)
    return tuple(found)


def _day(text: str) -> date:
    match = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", text)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    raise _Fault(
        "申请日期",
        "applications.date_invalid",
        "申请日期不是有效日期。请写成 2026-07-14。",
        "The application date is no date. Write it like 2026-07-14.",
    )


def _money(text: str, column: str) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise _Fault(
            column,
            "applications.money_invalid",
            "金额不是数字。请写成 1234.50。",
            "The amount is no number. Write it like 1234.50.",
        )
    return amount


def _obligors(text: str) -> str | None:
    if text in OBLIGORS:
        return OBLIGORS[text]
    if not text:
        return None
    raise _Fault(
        "法定义务人",
        "applications.obligors_invalid",
        "法定义务人只能填 有、无 或 不清楚。",
        "Obligors must be 有 (yes), 无 (none) or 不清楚 (not clear).",
    )


def _decoded(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _clean(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip().strip("'")


def _letter(place: int) -> str:
    return chr(ord("A") + place)


def _said(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}
