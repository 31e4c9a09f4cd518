"""From bytes to rows of cells: CSV in the agreed encoding, or the first visible sheet of a workbook. Refuses what is not safe."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

from doudi.engine.feeds import Feed
from doudi.sources.reading.faults import Refusal, problem

MAX_FILE = 512 * 1024 * 1024
MAX_UNPACKED = 1024 * 1024 * 1024
MAX_RATIO = 200
MAX_ENTRIES = 2000
MAX_COLUMNS = 256
MAX_CELLS = 60_000_000
Rows = Iterator[tuple[int, list[Any]]]
"""(row number in the file, cells)."""


def rows_of(path: Path, feed: Feed) -> Rows:
    """All rows of a delivery with their numbers; raises Refusal."""
    size = path.stat().st_size
    if size == 0:
        raise Refusal(problem("file.empty"))
    if size > MAX_FILE:
        raise Refusal(problem("file.too_large", limit=MAX_FILE // 2**20))
    return _workbook(path) if feed.format == "xlsx" else _text(path, feed)


def _text(path: Path, feed: Feed) -> Rows:
    data = path.read_bytes()
    if data[:4] == b"PK\x03\x04":
        raise Refusal(problem("file.format", wanted="CSV"))
    if b"\0" in data:
        raise Refusal(problem("file.nul", row=data[: data.index(b"\0")].count(b"\n") + 1))
    if feed.ends_with_newline and not data.endswith(b"\n"):
        raise Refusal(problem("file.truncated", row=data.count(b"\n") + 1))
    return _lines(_decoded(data, feed), feed)


def _decoded(data: bytes, feed: Feed) -> str:
    """The text in the first agreed encoding that fits to the last byte; a byte order mark decides for UTF-8."""
    encodings = ("utf-8-sig",) if data.startswith(b"\xef\xbb\xbf") else feed.encodings
    furthest = 0
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            furthest = max(furthest, error.start)
    row = data[:furthest].count(b"\n") + 1
    raise Refusal(problem("file.encoding", row=row, wanted=" / ".join(e.upper() for e in feed.encodings)))


def _lines(text: str, feed: Feed) -> Rows:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=feed.delimiter, strict=True)
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Refusal(problem("file.quoting", row=before + 1)) from None
        yield before + 1, cells
        before = reader.line_num


def _workbook(path: Path) -> Rows:
    _safe_archive(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheet = next((s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible), None)
        if sheet is None:
            raise Refusal(problem("sheet.missing"))
        table = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except PasswordError:
        raise Refusal(problem("file.password")) from None
    except Refusal:
        raise
    except Exception:  # calamine raises many kinds for damaged workbooks
        raise Refusal(problem("file.format", wanted="XLSX")) from None
    yield from ((number, list(cells)) for number, cells in enumerate(table, start=1))


def _safe_archive(path: Path) -> None:
    if path.read_bytes()[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Refusal(problem("file.password"))
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _safe_entries(entries, path.stat().st_size)
            for entry in entries:
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", entry.filename):
                    _safe_sheet(archive, entry)
    except zipfile.BadZipFile:
        raise Refusal(problem("file.format", wanted="XLSX")) from None


def _safe_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise Refusal(problem("zip.entries", count=len(entries)))
    unpacked = sum(e.file_size for e in entries)
    if unpacked > MAX_UNPACKED or (unpacked > 64 * 2**20 and unpacked > MAX_RATIO * size):
        raise Refusal(problem("zip.bomb", size=unpacked // 2**20))
    for entry in entries:
        if entry.filename.startswith("/") or ".." in entry.filename.split("/") or "\\" in entry.filename:
            raise Refusal(problem("zip.path"))


_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_FORMULA = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<f[\s/>]')


def _safe_sheet(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Reads a sheet's XML in pieces: no formulas, no cell far outside the data, no more bytes than declared."""
    last_column, last_row, cells, read = 0, 0, 0, 0
    furthest, rest = "", b""
    with archive.open(entry) as stream:
        while piece := stream.read(4 * 2**20):
            read += len(piece)
            if read > entry.file_size:
                raise Refusal(problem("zip.bomb", size=read // 2**20))
            text = rest + piece
            found = _FORMULA.search(text)
            if found:
                raise Refusal(problem("sheet.formula", cell=found.group(1).decode()))
            for letters, digits in _CELL.findall(text):
                cells += 1
                column, row = _column(letters), int(digits)
                if column > last_column or row > last_row:
                    furthest = letters.decode() + digits.decode()
                last_column, last_row = max(last_column, column), max(last_row, row)
            cut = text.rfind(b"<c ")
            rest = text[cut:] if cut >= 0 else b""
    sparse = last_column * last_row > 1000 * max(cells, 1) and last_column * last_row > 1_000_000
    if last_column > MAX_COLUMNS or last_column * last_row > MAX_CELLS or sparse:
        raise Refusal(problem("sheet.far_cell", cell=furthest))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
