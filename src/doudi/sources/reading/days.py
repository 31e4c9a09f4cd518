"""Days and months in the writings departments use. What could mean two days is refused, not chosen."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from doudi.sources.reading.cells import is_empty, text_of

EARLIEST, LATEST = 1870, 9999
_TIME = r"(?:[T ]*\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?(?: ?(?:\+08:?00))?)?"
_DAYS = tuple(
    re.compile(pattern + _TIME)
    for pattern in (
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
        r"(?P<y>\d{4}) ?([-/.]) ?(?P<m>\d{1,2}) ?\2 ?(?P<d>\d{1,2})",
        r"(?P<y>\d{4}) ?年 ?(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?[日号]?",
    )
)
_NAMED = re.compile(r"(?P<d>\d{1,2})[- ](?P<m>[A-Z]{3})[A-Z]*[-, ]+(?P<y>\d{4})" + _TIME, re.IGNORECASE)
_NAMED_FIRST = re.compile(r"(?P<m>[A-Z]{3})[A-Z]*\.?[- ](?P<d>\d{1,2})[-, ]+(?P<y>\d{4})" + _TIME, re.IGNORECASE)
_MONTHS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<y>\d{4})(?P<m>\d{2})",
        r"(?P<y>\d{4}) ?[-/.] ?(?P<m>\d{1,2})",
        r"(?P<y>\d{4}) ?年 ?(?P<m>\d{1,2}) ?月?(?:份|度)?",
    )
)
_NO_DAY = re.compile(r"0{4}[-/.]?0{1,2}[-/.]?0{1,2}(?: 0{1,2}:00(?::00)?)?|长期|永久|至今|无期|无限期")
"""An open end, or a database's nothing: there is no day."""
_RANGE = re.compile(r"(.+?) ?(?:至|到|~|--) ?(.+)")
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EPOCH = date(1899, 12, 30)
_NUMERALS = str.maketrans("〇零○Ｏ一二三四五六七八九", "0000123456789")
_CHINESE = re.compile(
    r"[〇零○一二三四五六七八九]{4}年[一二三四五六七八九十元]{1,3}月(?:[一二三四五六七八九十]{1,3}[日号])?"
)


def day(cell: Any) -> tuple[date | None, bool]:
    """(day, True); (None, True) for an empty cell; (None, False) for something that is no day."""
    if isinstance(cell, datetime):
        return cell.date(), True
    if isinstance(cell, date):
        return cell, True
    text = text_of(cell).removeprefix("'")
    if is_empty(text) or _NO_DAY.fullmatch(text):
        return None, True
    found = _day(_arabic(text))
    return found, found is not None


def month(cell: Any) -> tuple[date | None, bool]:
    """As `day`, for the first day of a month; a day is read as its month."""
    if isinstance(cell, (date, datetime)):
        return date(cell.year, cell.month, 1), True
    if isinstance(cell, float) and not cell.is_integer() and format(cell, ".15g").endswith(".1"):
        return None, False  # 2025.1 may have been 2025.10
    text = text_of(cell).removeprefix("'")
    if is_empty(text):
        return None, True
    text = _arabic(text)
    for pattern in _MONTHS:
        match = pattern.fullmatch(text)
        if match:
            found = _made(match["y"], match["m"], "1")
            return found, found is not None
    exact = _day(text)
    if exact is not None:
        return exact.replace(day=1), True
    both = _RANGE.fullmatch(text)
    first, last = (month(both[1])[0], month(both[2])[0]) if both else (None, None)
    return (first, True) if first is not None and first == last else (None, False)


def _day(text: str) -> date | None:
    for pattern in _DAYS:
        match = pattern.fullmatch(text)
        if match:
            return _made(match["y"], match["m"], match["d"])
    if _SERIAL.fullmatch(text):
        return _EPOCH + timedelta(days=int(text[:5]))
    match = _NAMED.fullmatch(text) or _NAMED_FIRST.fullmatch(text)
    if match and match["m"].lower() in _ENGLISH:
        return _made(match["y"], str(_ENGLISH.index(match["m"].lower()) + 1), match["d"])
    return None


def _made(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if EARLIEST <= found.year <= LATEST else None


def _arabic(text: str) -> str:
    """二〇二六年七月一日 → 2026年7月1日; anything else as it is."""
    if not _CHINESE.fullmatch(text):
        return text
    year, rest = text.split("年")
    month, _, day = rest.partition("月")
    found = f"{year.translate(_NUMERALS)}年{_small(month)}月"
    return found + (f"{_small(day.rstrip('日号'))}日" if day else "")


def _small(text: str) -> str:
    """一 … 三十一 as digits."""
    if text == "元":
        return "1"
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return text.translate(_NUMERALS)
    return str(int(tens.translate(_NUMERALS) or "1") * 10 + int(ones.translate(_NUMERALS) or "0"))
