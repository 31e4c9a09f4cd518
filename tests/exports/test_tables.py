"""Tables as files: kinds of cells, marks, and what comes back in."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import openpyxl
import pytest

from doudi.exports.logic.tables import csv_bytes, sheet_name, xlsx_bytes
from doudi.lib.marks import is_mark

ROWS = [["证号", "金额", "人数", "备注", "缺"], ["990101199001010011", Decimal("-12.50"), 3, "=1+1", None]]


def test_numbers_are_numbers_and_identity_numbers_texts_in_a_workbook() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(ROWS, "表", "陈立"))).worksheets[0]
    number, amount, count, note, gap = [sheet.cell(2, column) for column in range(1, 6)]
    assert (number.data_type, amount.data_type, count.data_type, note.data_type) == ("s", "n", "n", "s")
    assert (number.value, amount.value, count.value, note.value, gap.value) == (
        "990101199001010011",
        -12.5,
        3,
        "=1+1",
        None,
    )
    assert note.quotePrefix and not number.quotePrefix
    assert is_mark(str(sheet.cell(3, 1).value))


def test_a_csv_file_keeps_digits_and_runs_nothing() -> None:
    rows = list(csv.reader(io.StringIO(csv_bytes(ROWS, "陈立").decode("utf-8-sig"), newline="")))
    assert rows[1] == ["'990101199001010011", "-12.50", "3", "'=1+1", ""]
    assert is_mark(rows[-1][0]) and "陈立" in rows[-1][0]


@pytest.mark.parametrize(
    ("name", "made"), [("990101", "990101"), ("a/b:c[d]*?", "abcd"), ("", "1"), ("长" * 40, "长" * 31)]
)
def test_a_sheet_has_a_name_that_programs_take(name: str, made: str) -> None:
    assert sheet_name(name) == made
