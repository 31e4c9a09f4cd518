# ruff: noqa: E501  (tables of files and texts: one a line)
"""Malformed deliveries beyond those of tests/sources: a good file of each shape, damaged in every way it can be."""

from __future__ import annotations

import codecs
import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.sources.conftest import ANNA, BERT, CARL, write_book
from tests.sources.test_bad_files import FARM, ROW, SHEET, WAGE, WAGES, changed

TEXT = WAGES + WAGE + WAGE.replace(ANNA, BERT) + WAGE.replace(ANNA, CARL)
BOMS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32": codecs.BOM_UTF32_LE,
}


def texts() -> Iterator[tuple[str, bytes]]:
    """(what was done, bytes) of the text feed."""
    data = TEXT.encode()
    for part in range(1, 20):
        yield f"cut at {part}/20", data[: len(data) * part // 20]
    for place in (0, 1, 10, 40, len(data) // 2, len(data) - 2):
        for byte in (b"\0", b"\xff", b"\xfe\xff", b"\x1a", b"\r", b'"', b"\xc3", b"\xed\xa0\x80"):
            yield f"{byte!r} at {place}", data[:place] + byte + data[place:]
    for name in ("gb18030", "gbk", "utf-16", "utf-16-le", "utf-32", "utf-7", "big5", "cp949"):
        yield f"in {name}", TEXT.encode(name, "replace")
    for name, bom in BOMS.items():
        yield f"with the mark of {name}", bom + data
    for sign in (",", ";", "\t", "||", " ", "¦", "｜"):
        yield f"divided by {sign!r}", TEXT.replace("|", sign).encode()
    for name, old, new in (
        ("CRLF", "\n", "\r\n"), ("CR", "\n", "\r"), ("mixed line ends", "\n", "\r\n\n"), ("no line ends", "\n", ""), ("blank lines", "\n", "\n\n\n"),
        ("full width", "1", "１"), ("comma for point", ".", ","), ("thousands", "100.00", "1,00.00"), ("minus", "100.00", "-100.00"),
        ("a currency", "100.00", "¥100.00"), ("a word", "100.00", "一百"), ("exponent", "100.00", "1e2"), ("NaN", "100.00", "nan"), ("endless", "100.00", "inf"),
        ("month 13", "202507", "202513"), ("month 00", "202507", "202500"), ("a year", "202507", "2025"), ("year 0", "202507", "000007"), ("a day", "202507", "2025-07-32"),
        ("formulas", "甲", "=1+1"), ("markup", "甲", "<script>x</script>"), ("an escape", "甲", "\x1b[31m甲"), ("turned round", "甲", "\u202e甲"), ("emoji", "甲", "😀"),
        ("rare characters", "甲", "\U00020bb7\U0003106c"), ("a long name", "甲", "甲" * 40_000), ("a quote", "甲", '"甲'), ("quotes", "甲", '"甲"乙"'), ("no number", ANNA, ""),
        ("15 digits", ANNA, ANNA[:6] + ANNA[8:17]), ("a wrong check digit", ANNA, ANNA[:17] + ("1" if ANNA[17] != "1" else "2")), ("17 digits", ANNA, ANNA[:17]), ("blanks", ANNA, f" {ANNA} "),
        ("header twice", WAGES, WAGES + WAGES), ("header last", TEXT, WAGE + WAGES), ("a totals row", TEXT, TEXT + "合计||||300.00\n"), ("a title", TEXT, "工资表\n" + TEXT), ("notes", TEXT, TEXT + "说明：无\n"),
        ("a column too many", "100.00", "100.00|x"), ("a column too few", "|100.00", ""), ("columns turned", "姓名|扣缴义务人", "扣缴义务人|姓名"), ("an unnamed column", "收入额\n", "收入额|\n"),
        ("a header of other words", "收入额", "工资"), ("a header in blanks", "收入额", " 收 入 额 "), ("a header in full width", "收入额", "收入额（元）"),
    ):  # fmt: skip
        yield name, TEXT.replace(old, new).encode("utf-8", "surrogatepass")
    yield "only blanks", b" \n \n \n"
    yield "one byte", b"x"
    yield "a million quotes", b'"' * 1_000_000
    yield "a million dividers", WAGES.encode() + b"|" * 1_000_000 + b"\n"
    yield "a line of a megabyte", WAGES.encode() + b"x" * 1_000_000 + b"\n"
    yield "random bytes", random.Random(7391).randbytes(20_000)


def books() -> Iterator[tuple[str, bytes]]:
    """(what was done, bytes) of the workbook feed."""
    data = _book([FARM, ROW, [BERT, *ROW[1:]]])
    for part in range(1, 20):
        yield f"cut at {part}/20", data[: len(data) * part // 20]
    draw = random.Random(7391)
    for number in range(24):
        at = draw.randrange(len(data))
        yield f"a byte changed, {number}", data[:at] + bytes([data[at] ^ (1 << draw.randrange(8))]) + data[at + 1 :]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
    for name in names:
        yield f"without {name}", _without(data, name)
        yield f"{name} empty", changed(data, name, lambda _xml: b"")
        yield f"{name} is no XML", changed(data, name, lambda xml: xml[: len(xml) // 2])
    edits: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
        ("a cell of no kind", lambda xml: xml.replace(b't="s"', b't="q"', 1)),
        ("a text that is not there", lambda xml: re.sub(rb"<v>0</v>", b"<v>99999</v>", xml, count=1)),
        ("a row far down", lambda xml: xml.replace(b'<row r="2"', b'<row r="1048576"', 1)),
        ("a row without a number", lambda xml: xml.replace(b'<row r="2"', b"<row", 1)),
        ("cells in no order", lambda xml: xml.replace(b'r="A2"', b'r="E2"', 1)),
        ("an error cell", lambda xml: xml.replace(b'<c r="D2"><v>524.48</v></c>', b'<c r="D2" t="e"><v>#REF!</v></c>')),
        ("a truth", lambda xml: xml.replace(b'<c r="D2"><v>524.48</v></c>', b'<c r="D2" t="b"><v>1</v></c>')),
        ("a number beyond all", lambda xml: xml.replace(b"524.48", b"1e400")),
        (
            "a merged head",
            lambda xml: xml.replace(
                b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
            ),
        ),
        ("another name space", lambda xml: xml.replace(b"<row", b"<x:row").replace(b"</row", b"</x:row")),
        ("an entity", lambda xml: xml.replace(b"<sheetData>", b"<sheetData>&lol;")),
        ("UTF-16", lambda xml: xml.decode().encode("utf-16")),
    )
    for name, edit in edits:
        yield name, changed(data, SHEET, edit)
    yield "1904", changed(data, "xl/workbook.xml", lambda xml: xml.replace(b"<workbookPr", b'<workbookPr date1904="1"'))


def _without(data: bytes, name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
    return out.getvalue()


def _book(rows: list[list[object]]) -> bytes:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "made.xlsx"
        write_book(path, {"数据": rows})
        return path.read_bytes()
