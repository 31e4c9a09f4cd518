"""One cell → one typed value, or the code of what is wrong. Every distinct text is read once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from doudi.engine.feeds import Column

Result = tuple[Any, str | None]
"""(value, None) or (None, code). An empty cell is (None, None)."""
Reader = Callable[[Any], Result]
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T]0{1,2}:00(?::00)?)?")
_MONTH = re.compile(r"(\d{4})[-/.年]?(\d{1,2})月?")
_YES, _NO = (
    frozenset("是有公YyTt1√") | {"yes", "true", "TRUE", "公办"},
    frozenset("否无民NnFf0×") | {"no", "false", "FALSE", "民办"},
)


def text_of(cell: Any) -> str:
    """A cell as text: NFKC, trimmed; whole floats without a point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return unicodedata.normalize("NFKC", str(cell)).strip()


def reader(column: Column) -> Reader:
    """The cached reader of a column."""
    read = _READERS[column.type](column)
    cache: dict[Any, Result] = {}

    def cached(cell: Any) -> Result:
        key = (cell.__class__, cell)
        found = cache.get(key)
        if found is None:
            found = cache[key] = _checked(column, read, cell)
            if len(cache) > 200_000:
                cache.clear()
        return found

    return cached


def _checked(column: Column, read: Reader, cell: Any) -> Result:
    value, fault = read(cell)
    if fault is None and value is None and column.required:
        return None, "row.required"
    if fault is None and column.minimum is not None and value is not None and value < column.minimum:
        return None, "row.minimum"
    return value, fault


def _day(column: Column) -> Reader:
    def read(cell: Any) -> Result:
        if isinstance(cell, datetime):
            return cell.date(), None
        if isinstance(cell, date):
            return cell, None
        text = text_of(cell)
        if not text:
            return None, None
        match = _DATE.fullmatch(text)
        try:
            return (date(int(match[1]), int(match[2]), int(match[3])), None) if match else (None, "row.date")
        except ValueError:
            return None, "row.date"

    return read


def _month(column: Column) -> Reader:
    def read(cell: Any) -> Result:
        if isinstance(cell, (date, datetime)):
            return date(cell.year, cell.month, 1), None
        text = text_of(cell)
        if not text:
            return None, None
        match = _MONTH.fullmatch(text)
        if match is None and (day := _DATE.fullmatch(text)):
            match = day
        try:
            return (date(int(match[1]), int(match[2]), 1), None) if match else (None, "row.month")
        except ValueError:
            return None, "row.month"

    return read


def _decimal(cell: Any) -> Decimal | None:
    text = text_of(repr(cell) if isinstance(cell, float) else cell)
    text = re.sub(r"[,\s]", "", text).removesuffix("元").removesuffix("万").lstrip("¥￥")
    if re.fullmatch(r"\(\d[\d.]*\)", text):
        text = "-" + text[1:-1]
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < Decimal(10) ** 15 else None


def _money(column: Column) -> Reader:
    def read(cell: Any) -> Result:
        if cell is None or text_of(cell) == "":
            return None, None
        value = None if isinstance(cell, bool) else _decimal(cell)
        if value is None:
            return None, "row.money"
        cents = (value * column.multiply).quantize(Decimal("0.01"))
        return (cents, None) if cents == value * column.multiply else (None, "row.money")

    return read


def _number(column: Column) -> Reader:
    def read(cell: Any) -> Result:
        if cell is None or text_of(cell) == "":
            return None, None
        value = None if isinstance(cell, bool) else _decimal(cell)
        if value is None or (column.type == "integer" and value != value.to_integral_value()):
            return None, "row.number"
        return (int(value) if column.type == "integer" else value * column.multiply), None

    return read


def _code(column: Column) -> Reader:
    codes = {unicodedata.normalize("NFKC", code): code for code in column.codes or {}}

    def read(cell: Any) -> Result:
        text = text_of(cell)
        if not text:
            return None, None
        return (codes[text], None) if text in codes else (None, "row.code")

    return read


def _text(column: Column) -> Reader:
    return lambda cell: (text_of(cell) or None, None)


def _boolean(column: Column) -> Reader:
    def read(cell: Any) -> Result:
        if isinstance(cell, bool):
            return cell, None
        text = text_of(cell)
        if not text:
            return None, None
        return (True, None) if text in _YES else (False, None) if text in _NO else (None, "row.boolean")

    return read


def _area(column: Column) -> Reader:
    def read(cell: Any) -> Result:
        text = text_of(cell)
        if not text:
            return None, None
        return (text, None) if text.isdigit() and len(text) in (2, 4, 6, 9, 12) else (None, "row.area")

    return read


_READERS: dict[str, Callable[[Column], Reader]] = {
    "date": _day,
    "month": _month,
    "money": _money,
    "number": _number,
    "integer": _number,
    "code": _code,
    "text": _text,
    "boolean": _boolean,
    "area": _area,
    "identity_number": _text,
    "person_name": _text,
}
