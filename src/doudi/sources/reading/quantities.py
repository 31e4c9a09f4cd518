"""Amounts and numbers in the writings departments use: thousands, units, brackets for minus. Always Decimal."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from doudi.sources.reading.cells import exact_decimal, is_empty, text_of

LIMIT = Decimal(10) ** 15
UNITS = {
    "元": Decimal(1), "圆": Decimal(1), "元整": Decimal(1), "百元": Decimal(100), "千元": Decimal(1000),
    "万": Decimal(10000), "万元": Decimal(10000), "亿": Decimal(10**8), "亿元": Decimal(10**8),
}  # fmt: skip
"""Units a cell or a header may name; they go before the agreed one."""
_PLAIN = re.compile(r"-?\d{1,15}(?:\.\d{1,2})?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d{1,4}(?:,\d{4})+(?:\.\d*)?")
_DIGITS = re.compile(r"\d+\.?\d*|\.\d+")
_BEFORE = re.compile(r"(?:人民币|RMB|CNY|[¥'=])+")
_PER = re.compile(r"(?:/|每)(?:人)?(?:月|年|·月)$")
_COUNTED = re.compile(r"(?:平方米|平米|m2|m²|人|口|户|个|套|辆|次)$", re.IGNORECASE)


def amount(cell: Any) -> tuple[Decimal | None, Decimal | None, bool]:
    """(value, factor the cell itself names or None, True); no value for an empty cell; False: not an amount."""
    if isinstance(cell, bool):
        return None, None, False
    if isinstance(cell, (int, float)):
        value = exact_decimal(cell) if isinstance(cell, float) else Decimal(cell)
        return (value, None, True) if value.is_finite() and abs(value) < LIMIT else (None, None, False)
    text = text_of(cell)
    if _PLAIN.fullmatch(text):
        return Decimal(text), None, True
    if is_empty(text):
        return None, None, True
    return _written(re.sub(r"\s", "", text))


def _written(text: str) -> tuple[Decimal | None, Decimal | None, bool]:
    negative = False
    if len(text) > 2 and text[0] == "(" and text[-1] == ")":
        negative, text = True, text[1:-1]
    text = _PER.sub("", text)
    factor = None
    for unit in sorted(UNITS, key=len, reverse=True):
        if text.endswith(unit):
            factor, text = UNITS[unit], text.removesuffix(unit)
            break
    text = _BEFORE.sub("", text, count=1) if _BEFORE.match(text) else text
    for sign in ("-", "+"):
        if text.startswith(sign) or (text.endswith(sign) and sign == "-"):
            negative = negative ^ (sign == "-")
            text = text[1:] if text.startswith(sign) else text[:-1]
            break
    text = _BEFORE.sub("", text, count=1) if _BEFORE.match(text) else text
    if "," in text:
        if not _GROUPED.fullmatch(text):
            return None, None, False
        text = text.replace(",", "")
    if not _DIGITS.fullmatch(text):
        return None, None, False
    value = Decimal(text)
    return (-value if negative else value, factor, True) if value < LIMIT else (None, None, False)


def number(cell: Any) -> tuple[Decimal | None, bool]:
    """(value, True); no value for an empty cell; False: not a number. Units of counting and area may follow it."""
    value, factor, good = amount(cell)
    if not good and isinstance(cell, str):
        value, factor, good = amount(_COUNTED.sub("", text_of(cell)))
    return (value, True) if good and factor is None else (None, False)


def rounded(value: Decimal, scale: str) -> Decimal:
    """Half up, to cents or to the digits an area is kept with."""
    return value.quantize(Decimal(scale), rounding=ROUND_HALF_UP)
