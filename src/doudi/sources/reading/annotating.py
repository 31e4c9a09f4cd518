"""The sender's own file with one more column: what is wrong in each row. In the child, for it opens the file again."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doudi.lib.cells import harmless
from doudi.sources.reading.cells import text_of
from doudi.sources.reading.job import Limits

ANNOTATED = "annotated"


@dataclass(frozen=True, slots=True)
class Annotation:
    """What to write where: texts by row number of the file, beside the header the heading."""

    path: str
    folder: str
    limits: Limits
    is_text: bool
    encoding: str
    delimiter: str
    sheet: str
    header_row: int
    heading: str
    by_row: dict[int, str]


def annotate(work: Annotation) -> None:
    """Writes ANNOTATED into the folder."""
    target = Path(work.folder) / ANNOTATED
    if work.is_text:
        _text(work, target)
    else:
        _workbook(work, target)


def _text(work: Annotation, target: Path) -> None:
    """Lines as they came, with a cell more; a line inside a quoted cell is not touched."""
    data = Path(work.path).read_bytes()
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    encoding = work.encoding or "utf-8"
    text = data[len(mark) :].decode(encoding, errors="replace")
    end = "\r\n" if "\r\n" in text else "\n"
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=work.delimiter)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=work.delimiter, lineterminator=end)
    before = 0
    for cells in reader:
        row, before = before + 1, reader.line_num
        said = work.heading if row == work.header_row else work.by_row.get(row, "")
        writer.writerow([*(harmless(cell) for cell in cells), said])
    target.write_bytes(mark + out.getvalue().encode(encoding, errors="replace"))


def _workbook(work: Annotation, target: Path) -> None:
    import xlsxwriter

    from doudi.sources.reading.workbook import sheets

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "constant_memory": True,
        "tmpdir": work.folder,  # no other folder is within reach
    }
    with xlsxwriter.Workbook(str(target), options) as book:
        sheet = book.add_worksheet()
        wrong = book.add_format({"bg_color": "#FBEAE5"})
        rows = next(rows for name, rows in sheets(Path(work.path)) if name == (work.sheet or name))
        width = 0
        for number, cells in rows:
            width = max(width, len(cells)) if number <= max(work.header_row, 1) else width
            said = work.heading if number == work.header_row else work.by_row.get(number, "")
            for at, cell in enumerate(cells):
                _cell(sheet, number - 1, at, cell)
            if said:
                sheet.write_string(number - 1, max(width, len(cells)), said, wrong)


def _cell(sheet: Any, row: int, column: int, cell: Any) -> None:
    """Numbers stay numbers, days become texts as read, texts are never formulas."""
    if isinstance(cell, float):
        sheet.write_number(row, column, cell)
    elif text_of(cell):
        sheet.write_string(row, column, cell if isinstance(cell, str) else text_of(cell))
