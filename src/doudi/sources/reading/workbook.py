"""Workbooks: refused before opening if they are a trap, have formulas or a far cell; then read sheet by sheet."""

from __future__ import annotations

import posixpath
import re
import xml.etree.ElementTree as ET  # names of sheets only, from a part of bounded size
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

from doudi.sources.reading.cells import Rows
from doudi.sources.reading.faults import Refusal, problem

MAX_UNPACKED = 1024 * 1024 * 1024
MAX_RATIO = 200
MAX_ENTRIES = 2000
MAX_COLUMNS = 256
MAX_CELLS = 60_000_000
MAX_BOOK_XML = 4 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def sheets(path: Path, *, hidden: bool = False) -> Iterator[tuple[str, Rows]]:
    """(name, rows) of the visible sheets, on request of hidden ones too, in order; raises Refusal."""
    parts = _safe_archive(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = [one.name for one in book.sheets_metadata if hidden or one.visible == SheetVisibleEnum.Visible]
    except PasswordError:
        raise Refusal(problem("file.password")) from None
    except Exception:  # calamine raises many kinds for damaged workbooks
        raise Refusal(problem("file.format", wanted="XLSX")) from None
    if not names:
        raise Refusal(problem("sheet.missing"))
    for name in names:
        yield name, _rows(path, book, name, [parts[name]] if name in parts else sorted(set(parts.values())))


def _rows(path: Path, book: CalamineWorkbook, name: str, parts: list[str]) -> Rows:
    """Looked at before it is opened, when the first row is asked for."""
    _safe_parts(path, parts)
    try:
        table = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except PasswordError:
        raise Refusal(problem("file.password")) from None
    except Exception:  # as above
        raise Refusal(problem("file.format", wanted="XLSX")) from None
    for number, cells in enumerate(table, start=1):
        yield number, [_told_apart(cell) for cell in cells]


def _told_apart(cell: Any) -> Any:
    """True equals 1 as a key; as a text it does not."""
    return ("TRUE" if cell else "FALSE") if cell.__class__ is bool else cell


def _safe_archive(path: Path) -> dict[str, str]:
    """Sheet name → its part of the archive, for an archive that may be opened."""
    with path.open("rb") as file:
        begin = file.read(8)
        if begin == _OLE:
            sealed = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in begin + file.read()
            raise Refusal(problem("file.password") if sealed else problem("file.format", wanted="XLSX"))
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _safe_entries(entries, path.stat().st_size)
            if any(entry.flag_bits & 1 for entry in entries):
                raise Refusal(problem("file.password"))
            return _sheet_parts(archive)
    except (zipfile.BadZipFile, EOFError, ET.ParseError, OSError, RuntimeError, NotImplementedError):
        raise Refusal(problem("file.format", wanted="XLSX")) from None


def _safe_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise Refusal(problem("zip.entries", count=len(entries)))
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > 64 * 2**20 and unpacked > MAX_RATIO * size):
        raise Refusal(problem("zip.bomb", size=unpacked // 2**20))
    for entry in entries:
        if entry.filename.startswith("/") or ".." in entry.filename.split("/") or "\\" in entry.filename:
            raise Refusal(problem("zip.path"))


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """From xl/workbook.xml and its relations; where they do not fit together, every sheet is looked at."""
    every = [name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
    by_part = {f"part {name}": name for name in every}
    names = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
    if not names <= set(archive.namelist()) or any(archive.getinfo(name).file_size > MAX_BOOK_XML for name in names):
        return by_part
    targets = {
        item.get("Id", ""): posixpath.normpath(posixpath.join("xl", item.get("Target", "").removeprefix("/xl/")))
        for item in _xml(archive, "xl/_rels/workbook.xml.rels")
    }
    found = {}
    for item in _xml(archive, "xl/workbook.xml").iter():
        if item.tag.endswith("}sheet"):
            link = next((value for key, value in item.attrib.items() if key.endswith("}id")), "")
            if targets.get(link) in every:
                found[item.get("name", "")] = targets[link]
    return found or by_part


def _xml(archive: zipfile.ZipFile, name: str) -> ET.Element:
    text = archive.read(name)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Refusal(problem("file.format", wanted="XLSX"))
    return ET.fromstring(text)  # noqa: S314  (no document type, bounded size, in a process with limits)


def _safe_parts(path: Path, parts: list[str]) -> None:
    with zipfile.ZipFile(path) as archive:
        for name in parts:
            try:
                _safe_sheet(archive, archive.getinfo(name))
            except (zipfile.BadZipFile, EOFError, OSError):
                raise Refusal(problem("file.format", wanted="XLSX")) from None


# XML may quote with either mark and put blanks around the sign; a formula needs no address beside it
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


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
            if b"f" in text and (found := _FORMULA.search(text)):
                before = [b"".join(cell) for cell in _CELL.findall(text, 0, found.start())]
                raise Refusal(problem("sheet.formula", cell=before[-1].decode() if before else "?"))
            for letters, digits in _CELL.findall(text):
                cells += 1
                column, row = _column(letters), int(digits)
                if column > last_column or row > last_row:
                    furthest = letters.decode() + digits.decode()
                last_column, last_row = max(last_column, column), max(last_row, row)
            cut = max(text.rfind(b"<c "), text.rfind(b":c "), 0)
            cells -= len(_CELL.findall(text, cut)) if cut else 0
            rest = text[cut:][-65536:] if cut else b""
    sparse = last_column * last_row > 1000 * max(cells, 1) and last_column * last_row > 1_000_000
    if last_column > MAX_COLUMNS or last_column * last_row > MAX_CELLS or sparse:
        raise Refusal(problem("sheet.far_cell", cell=furthest))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
