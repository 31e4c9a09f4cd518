"""Workbooks by hand: a few hundred thousand rows in a second, and the same bytes every time.

Only what the deliveries need: inline text, numbers, days, merged title cells, a hidden sheet. Text of a cell is written
as it is (blanks kept); `&` and `<` are escaped.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from doudi.twin.plan import Array

_EXCEL_EPOCH = 25569
_STAMP = (1980, 1, 1, 0, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/>'
    '</borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="164" '
    'applyNumberFormat="1"/></cellXfs></styleSheet>'
)


@dataclass(frozen=True, slots=True)
class Days:
    """A column of days since 1970, shown as dates."""

    days: Array


Column = Any
"""Text (a string array), numbers (any other array) or Days."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`head` and `foot` are rows of text, numbers or None around the columns; `merged` names ranges such as A1:G1."""

    name: str
    columns: tuple[Column, ...]
    head: tuple[tuple[str | float | None, ...], ...]
    foot: tuple[tuple[str | float | None, ...], ...] = ()
    merged: tuple[str, ...] = ()
    hidden: bool = False


def write_workbook(path: Path, sheets: list[Sheet]) -> None:
    """One file with all sheets."""
    names = [f"xl/worksheets/sheet{n}.xml" for n in range(1, len(sheets) + 1)]
    with zipfile.ZipFile(path, "w") as archive:
        _add(archive, "[Content_Types].xml", _content_types(names))
        _add(archive, "_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")]))
        relations = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
        _add(archive, "xl/_rels/workbook.xml.rels", _relations([*relations, ("rId0", "styles", "styles.xml")]))
        _add(archive, "xl/workbook.xml", _book(sheets))
        _add(archive, "xl/styles.xml", _HEAD + _STYLES)
        for name, sheet in zip(names, sheets, strict=True):
            _add(archive, name, _sheet(sheet))


def _add(archive: zipfile.ZipFile, name: str, content: str | bytes) -> None:
    info = zipfile.ZipInfo(name, _STAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content, compresslevel=1)


def _content_types(sheets: list[str]) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = [("xl/workbook.xml", "sheet.main"), ("xl/styles.xml", "styles"), *((name, "worksheet") for name in sheets)]
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}.{type_}+xml"/>' for name, type_ in parts)
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: list[tuple[str, str, str]]) -> str:
    rows = "".join(f'<Relationship Id="{i}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for i, kind, target in targets)
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _book(sheets: list[Sheet]) -> str:
    rows = "".join(
        f'<sheet name="{sheet.name}" sheetId="{n}"{" state=" + chr(34) + "hidden" + chr(34) if sheet.hidden else ""} '
        f'r:id="rId{n}"/>'
        for n, sheet in enumerate(sheets, start=1)
    )
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{rows}</sheets></workbook>'


def _sheet(sheet: Sheet) -> bytes:
    count = (
        len(sheet.columns[0].days if isinstance(sheet.columns[0], Days) else sheet.columns[0]) if sheet.columns else 0
    )
    last = len(sheet.head) + count
    head = "".join(_row(n, cells) for n, cells in enumerate(sheet.head, start=1))
    foot = "".join(_row(n, cells) for n, cells in enumerate(sheet.foot, start=last + 1))
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in sheet.merged)
    merges = f'<mergeCells count="{len(sheet.merged)}">{merged}</mergeCells>' if merged else ""
    start = f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{head}'
    return (
        start.encode()
        + _rows(sheet.columns, len(sheet.head), count)
        + f"{foot}</sheetData>{merges}</worksheet>".encode()
    )


def _rows(columns: tuple[Column, ...], before: int, count: int) -> bytes:
    if not count:
        return b""
    number = pc.cast(pa.array(np.arange(before + 1, before + count + 1)), pa.string())
    parts: list[pa.Array | str] = ['<row r="', number, '">']
    for place, column in enumerate(columns):
        parts += _cells(chr(65 + place), number, column)
    body = pc.cast(pc.binary_join_element_wise(*parts, "</row>", ""), pa.large_string())
    offsets = np.frombuffer(body.buffers()[1], dtype=np.int64)
    return bytes(memoryview(body.buffers()[2])[int(offsets[body.offset]) : int(offsets[body.offset + count])])


def _cells(letter: str, number: pa.Array, column: Column) -> list[pa.Array | str]:
    if isinstance(column, Days):
        value = pc.cast(pa.array(column.days + _EXCEL_EPOCH), pa.string())
        return [f'<c r="{letter}', number, '" s="1"><v>', value, "</v></c>"]
    if pa.types.is_string(column.type):
        safe = pc.replace_substring(pc.replace_substring(column, "&", "&amp;"), "<", "&lt;")
        return [f'<c r="{letter}', number, '" t="inlineStr"><is><t xml:space="preserve">', safe, "</t></is></c>"]
    return [f'<c r="{letter}', number, '"><v>', pc.cast(column, pa.string()), "</v></c>"]


def _row(number: int, cells: tuple[str | float | None, ...]) -> str:
    found = []
    for place, cell in enumerate(cells):
        where = f'<c r="{chr(65 + place)}{number}"'
        if isinstance(cell, str):
            safe = cell.replace("&", "&amp;").replace("<", "&lt;")
            found.append(f'{where} t="inlineStr"><is><t xml:space="preserve">{safe}</t></is></c>')
        elif cell is not None:
            found.append(f"{where}><v>{cell!r}</v></c>")
    return f'<row r="{number}">{"".join(found)}</row>'
