"""The reader of one sheet: `python -m doudi.rulebook.adapters.sheet_child FILE`. Runs under limits, without Django.

Writes one JSON text: the rows of the first sheet as texts, or why there are none.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from doudi.lib import shut_in

MAX_ROWS, MAX_COLUMNS, MAX_CELL = 5000, 64, 500
MAX_UNPACKED, MAX_ENTRIES = 64 * 2**20, 500
MEMORY, CPU_SECONDS = 1024 * 2**20, 20


def main() -> None:
    """Reads the file named on the command line."""
    path = Path(sys.argv[1])
    shut_in.nothing_new()
    shut_in.no_network()
    shut_in.limit(memory=MEMORY, cpu=CPU_SECONDS, file=0)
    shut_in.only_folders(read=[*shut_in.program_folders(), path], write=[])
    try:
        answer: dict[str, object] = {"rows": rows_of(path)}
    except Refusal as refusal:
        answer = {"refused": str(refusal)}
    except Exception:
        answer = {"refused": "unreadable"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))


class Refusal(Exception):
    """Why the file is not read."""


def rows_of(path: Path) -> list[list[str]]:
    """The rows of a CSV file or of the first sheet of a workbook, as texts."""
    data = path.read_bytes()
    table = _workbook(path) if data[:4] == b"PK\x03\x04" else _lines(data)
    rows: list[list[str]] = []
    for cells in table:
        if len(rows) >= MAX_ROWS:
            raise Refusal("rows")
        rows.append([_text(cell) for cell in list(cells)[:MAX_COLUMNS]])
    return rows


def _lines(data: bytes) -> Iterable[list[str]]:
    if b"\0" in data:
        raise Refusal("format")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise Refusal("encoding") from None
    csv.field_size_limit(MAX_CELL * 4)
    return csv.reader(io.StringIO(text, newline=""))


def _workbook(path: Path) -> Iterable[Iterable[object]]:
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise Refusal("size")
    book = CalamineWorkbook.from_path(str(path))
    visible = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    if not visible:
        raise Refusal("format")
    return book.get_sheet_by_name(visible[0]).to_python(skip_empty_area=False)


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{Decimal(repr(cell)):f}"[:MAX_CELL]
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell if cell is not None else "").strip()[:MAX_CELL]


if __name__ == "__main__":
    main()
