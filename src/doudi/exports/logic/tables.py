"""Tables as files: CSV and XLSX, nothing in them runs, numbers are numbers, digits are texts, each says who has it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from doudi.lib.cells import as_text, is_active
from doudi.lib.marks import mark_line

Cell = str | int | Decimal | None
KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
WHOLE = 10**15
"""A spreadsheet keeps fifteen digits; a longer number is written as a text."""


def csv_bytes(rows: Iterable[Sequence[Cell]], mark: str = "") -> bytes:
    """CSV that spreadsheet programs open: UTF-8 with its sign, the mark in a last row."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    if mark:
        writer.writerow([mark_line(mark)])
    return out.getvalue().encode("utf-8-sig")


def xlsx_bytes(rows: Sequence[Sequence[Cell]], name: str, mark: str = "") -> bytes:
    """A workbook of one sheet: texts as texts, the mark in a last row, in the foot of every printed page and inside."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(sheet_name(name))
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
        quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, (int, Decimal)) and -WHOLE < cell < WHOLE:
                    sheet.write_number(number, column, cell)
                elif cell is not None:
                    shown = str(cell)
                    sheet.write_string(
                        number, column, shown, bold if number == 0 else quoted if is_active(shown) else text
                    )
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max((len(row) for row in rows), default=1) - 1, 16)
        if mark:
            sheet.write_string(len(rows), 0, mark_line(mark))
            sheet.set_footer("&L&8" + foot(mark))
            book.set_properties({"comments": mark})
    return out.getvalue()


def sheet_name(name: str) -> str:
    """A name a sheet may have: no sign that Excel keeps for itself, 31 characters at most."""
    return "".join(c for c in name if c not in "[]:*?/\\'")[:31] or "1"


def foot(mark: str) -> str:
    """The mark for a printed foot: & begins an instruction there; 255 bytes are all there is."""
    return mark.replace("&", "&&")[:120]


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    return as_text(cell) if isinstance(cell, str) else str(cell)
