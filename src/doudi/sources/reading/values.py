"""One cell → one typed value, or the code of what is wrong. Every distinct writing is read once."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from doudi.engine.feeds import Column
from doudi.lib.identity_number import without_numbers
from doudi.sources.reading import days
from doudi.sources.reading.cells import EXACT, is_empty, text_of, tight
from doudi.sources.reading.quantities import LIMIT, amount, number, rounded

Result = tuple[Any, str | None]
"""(value, None) or (None, code). An empty cell is (None, None)."""
KEPT = 200_000
"""Distinct writings remembered for one column."""
AREA_SCALE = "0.0001"
_YES, _NO = (
    frozenset({"是", "有", "公", "公办", "Y", "T", "1", "√", "YES", "TRUE", "对"}),
    frozenset({"否", "无", "民", "民办", "N", "F", "0", "×", "NO", "FALSE", "不是", "非"}),
)
_CENTS = re.compile(r"-?\d{1,12}\.\d\d", re.ASCII)
"""Most amounts: nothing to be done to them."""
_CHINESE = re.compile("[\u3400-\u9fff]|[\U00020000-\U0003ffff]")
_DOTS = str.maketrans("•・‧∙⋅●．", "·······")


class CellReader(dict[Any, Any]):
    """Cell → value, filled as cells are met; `faults` says what is wrong with those that have none."""

    def __init__(self, column: Column, multiply: Decimal | None = None) -> None:
        super().__init__()
        self.column = column
        self.faults: dict[Any, str] = {}
        factor = column.multiply if multiply is None else multiply
        self._read = _READERS[column.type](column, factor)
        self._is_plain = _CENTS.fullmatch if column.type == "money" and factor == 1 else None

    def __missing__(self, cell: Any) -> Any:
        fault: str | None = None
        if self._is_plain is not None and cell.__class__ is str and self._is_plain(cell):
            value: Any = Decimal(cell)
        else:
            value, fault = self._read(cell)
        if fault is None:
            fault = self._agreed(value)
        if fault is not None:
            value, self.faults[cell] = None, fault
        self[cell] = value
        return value

    def _agreed(self, value: Any) -> str | None:
        if value is None:
            return "row.required" if self.column.required else None
        minimum = self.column.minimum
        return "row.minimum" if minimum is not None and value < minimum else None

    def forget(self) -> None:
        """Between chunks: keep the memory bounded."""
        if len(self) > KEPT:
            self.clear()
            self.faults.clear()


Reader = Callable[[Any], Result]


def _day(_column: Column, _multiply: Decimal) -> Reader:
    def read(cell: Any) -> Result:
        found, good = days.day(cell)
        return found, None if good else "row.date"

    return read


def _month(_column: Column, _multiply: Decimal) -> Reader:
    def read(cell: Any) -> Result:
        found, good = days.month(cell)
        return found, None if good else "row.month"

    return read


def _money(_column: Column, multiply: Decimal) -> Reader:
    def read(cell: Any) -> Result:
        value, factor, good = amount(cell)
        if not good:
            return None, "row.money"
        if value is None:
            return None, None
        value = value * (multiply if factor is None else factor)
        return (rounded(value, "0.01"), None) if abs(value) < LIMIT else (None, "row.money")

    return read


def _number(_column: Column, multiply: Decimal) -> Reader:
    def read(cell: Any) -> Result:
        value, good = number(cell)
        if not good:
            return None, "row.number"
        if value is None:
            return None, None
        value = rounded(value * multiply, AREA_SCALE)
        return (value, None) if abs(value) < Decimal(10) ** 13 else (None, "row.number")

    return read


def _integer(_column: Column, _multiply: Decimal) -> Reader:
    def read(cell: Any) -> Result:
        value, good = number(cell)
        if not good or (value is not None and value != value.to_integral_value()):
            return None, "row.number"
        return (None if value is None else int(value)), None

    return read


def code_key(text: str) -> str:
    """Codes are compared without blanks and quotes, brackets and dashes of any width being one."""
    return tight(text).strip("'\"").upper()


def _code(column: Column, _multiply: Decimal) -> Reader:
    codes = {code_key(code): code for code in column.codes or {}}

    def read(cell: Any) -> Result:
        text = code_key(text_of(cell))
        if text in codes:
            return codes[text], None
        return None, None if is_empty(text) else "row.code"

    return read


def _text(_column: Column, _multiply: Decimal) -> Reader:
    def read(cell: Any) -> Result:
        if isinstance(cell, float) and abs(cell) >= EXACT:
            return None, "row.as_float"
        text = text_of(cell)
        return (None if is_empty(text) else without_numbers(text)), None

    return read


def name_of(cell: Any) -> str:
    """A person's name: Chinese names without blanks, one kind of middle dot."""
    text = text_of(cell).translate(_DOTS)
    text = re.sub(r"\s+", "" if _CHINESE.search(text) else " ", text)
    return "" if is_empty(text) else text


def _name(_column: Column, _multiply: Decimal) -> Reader:
    return lambda cell: (name_of(cell) or None, None)


def _boolean(_column: Column, _multiply: Decimal) -> Reader:
    def read(cell: Any) -> Result:
        text = tight(cell).upper()
        if text in _YES or text in _NO:
            return text in _YES, None
        return None, None if is_empty(text) else "row.boolean"

    return read


def _area(_column: Column, _multiply: Decimal) -> Reader:
    def read(cell: Any) -> Result:
        text = tight(cell).strip("'")
        if is_empty(text):
            return None, None
        return (text, None) if text.isdecimal() and len(text) in (2, 4, 6, 9, 12) else (None, "row.area")

    return read


_READERS: dict[str, Callable[[Column, Decimal], Reader]] = {
    "date": _day,
    "month": _month,
    "money": _money,
    "number": _number,
    "integer": _integer,
    "code": _code,
    "text": _text,
    "boolean": _boolean,
    "area": _area,
    "identity_number": _text,
    "person_name": _name,
}
