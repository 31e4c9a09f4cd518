"""The sender's own file with one more column: what is wrong in each row. In the child, for it opens the file again."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doudi.lib.cells import harmless, is_active
from doudi.lib.marks import mark_line
from doudi.lib.masks import masked
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
    mark: str = ""
    """Who takes it; written in a last line."""
    full: bool = True
    """Whether numbers of people stay whole."""

    def shown(self, text: str) -> str:
        """A cell as it may be given."""
        return text if self.full else masked(text)


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
        writer.writerow([*(harmless(work.shown(cell)) for cell in cells), said])
    if work.mark:
        writer.writerow([mark_line(work.mark)])
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
        quoted = book.add_format({"quote_prefix": True})
        width, last = 0, 0
        for number, cells in rows:
            last = number
            width = max(width, len(cells)) if number <= max(work.header_row, 1) else width
            said = work.heading if number == work.header_row else work.by_row.get(number, "")
            for at, cell in enumerate(cells):
                _cell(sheet, number - 1, at, cell, work, quoted)
            if said:
                sheet.write_string(number - 1, max(width, len(cells)), said, wrong)
        if work.mark:
            sheet.write_string(last, 0, mark_line(work.mark))
            sheet.set_footer("&L&8" + work.mark.replace("&", "&&")[:120])


def _cell(sheet: Any, row: int, column: int, cell: Any, work: Annotation, quoted: Any) -> None:
    """Numbers stay numbers, days become texts as read, texts are never formulas; a long number is somebody's."""
    if isinstance(cell, float) and (work.full or abs(cell) < 1e13):
        sheet.write_number(row, column, cell)
    elif text_of(cell):
        text = work.shown(cell if isinstance(cell, str) else text_of(cell))
        sheet.write_string(row, column, text, quoted if is_active(text) else None)
