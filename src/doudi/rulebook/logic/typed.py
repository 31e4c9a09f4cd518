"""A figure's value as people type it, read as its kind says; and what to write instead where it is none."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from doudi.engine.feeds import Bilingual
from doudi.engine.tree import Kind

YES, NO = ("是", "yes", "true", "1", "√"), ("否", "no", "false", "0", "")
MOST_DIGITS = 15
"""Places before and after the point: a figure of a policy has fewer."""
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_NUMBER = re.compile(r"[+-]?([1-9][0-9]{0,2}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?")
"""Commas only between thousands: what could be read in two ways is no number."""
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""Full-width signs as the plain ones."""


def as_written(kind: Kind, text: str) -> str | None:
    """The value as the file writes it; None if it is none of that kind or outside its bounds."""
    if kind.base == "boolean":
        return "yes" if text.lower() in YES else "no" if text and text.lower() in NO else None
    if kind.base in ("date", "month"):
        day = day_of(text)
        return day.isoformat() if day else None
    if kind.base not in ("number", "integer"):
        return text or None
    number = _figure(kind, text)
    low, high = kind.least, kind.maximum
    if number is None or (low is not None and number < low) or (high is not None and number > high):
        return None
    return f"{number:f}" if kind.base == "number" or number == number.to_integral_value() else None


def wanted(kind: Kind) -> Bilingual:
    """What to write for a value of that kind."""
    if kind.base == "boolean":
        return {"zh": "请写“是”或“否”。", "en": "Write yes or no."}
    if kind.base in ("date", "month"):
        return {"zh": "日期要写成 2026-07-01。", "en": "Write the day as 2026-07-01."}
    zh, en = "请只写数字，例如 830 或 0.2", "Write digits only, like 830 or 0.2"
    if kind.base == "integer":
        zh, en = "请写整数，例如 12", "Write a whole number, like 12"
    elif kind.unit == "ratio":
        zh, en = "请写小数或百分数，例如 0.2 或 20%", "Write a decimal or a percentage, like 0.2 or 20%"
    low, high = kind.least, kind.maximum
    if low is not None:
        zh, en = f"{zh}，不小于 {low}", f"{en}, not below {low}"
    if high is not None:
        zh, en = f"{zh}，不大于 {high}", f"{en}, not above {high}"
    return {"zh": zh + "。", "en": en + "."}


def day_of(text: str) -> date | None:
    """A day as sheets write it."""
    found = _DAY.fullmatch(text.strip())
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _figure(kind: Kind, text: str) -> Decimal | None:
    plain = text.translate(_PLAIN).strip()
    if plain.endswith("%"):
        number = _number(plain.removesuffix("%").rstrip()) if kind.unit in ("ratio", "none") else None
        return number / 100 if number is not None else None
    return _number(plain)


def _number(text: str) -> Decimal | None:
    """A number of at most MOST_DIGITS places before and after the point; else None."""
    if len(text) > 2 * MOST_DIGITS or not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text.replace(",", ""))
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > MOST_DIGITS or number.adjusted() >= MOST_DIGITS:
        return None
    return number
