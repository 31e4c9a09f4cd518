"""A cell as text: one normal form of characters, invisible ones out, floats without noise, marks for `nothing`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Rows = Iterator[tuple[int, list[Any]]]
"""(row number in the file, cells)."""
_INVISIBLE = dict.fromkeys(
    [
        *range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xAD, 0x180E,
        *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF, 0xFFFD,
    ]
)  # fmt: skip
_SAME = str.maketrans({"−": "-", "‐": "-", "‑": "-", "–": "-", "—": "-", "―": "-", "﹘": "-", "‘": "'", "’": "'"})
EMPTY_MARKS = frozenset(
    {
        "-", "--", "---", "----", "/", "//", "\\", "\\N", "无", "暂无", "空", "空白", "未填",
        "不详", "未知", "待查", ".", "NULL", "(NULL)", "NIL", "NONE", "NAN", "NA",
        "N/A", "#N/A", "#NULL!", "<NULL>", "NAT", "*", "'",
    }
)  # fmt: skip
"""Upper-case writings of `nothing here`. They say that a value is not known, never that it is zero."""
EXACT = 10**15
"""Whole floats below this hold every digit they were written with."""


def text_of(cell: Any) -> str:
    """A cell as text: NFKC, invisible characters out, trimmed; whole floats without a point."""
    if cell.__class__ is str:
        return cell.strip() if cell.isascii() and cell.isprintable() else _cleaned(cell)
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else format(cell, ".15g")
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else _cleaned(str(cell))


def _cleaned(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.translate(_INVISIBLE))
    return plain.translate(_INVISIBLE).translate(_SAME).strip()


def tight(cell: Any) -> str:
    """A cell's text without any blanks."""
    return re.sub(r"\s+", "", text_of(cell))


def is_empty(text: str) -> bool:
    """Whether a cleaned text says that nothing is there."""
    return not text or text.upper() in EMPTY_MARKS


def exact_decimal(value: float) -> Decimal:
    """The decimal a spreadsheet shows for a float: 15 digits (1587.34, not 1587.3399999999999)."""
    return Decimal(format(value, ".15g"))


def stored(cell: Any) -> str:
    """A cell as it is kept with a row set aside: as the sender wrote it."""
    return cell if isinstance(cell, str) else text_of(cell)
