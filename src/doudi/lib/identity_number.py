"""Chinese identity numbers (GB 11643-1999): normal form, check character, 15 → 18 digits. Nothing is ever guessed.

What can be restored without ambiguity is restored: blanks, full-width digits, a leading apostrophe, hyphens, a small x,
the old form of 15 digits. A number with a wrong check character or an impossible birth date is not a number.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
_NOISE = str.maketrans("", "", " \t\r\n\u3000\u00a0\u200b\ufeff'’‘`\"-‐‑–—")
_NEW = re.compile(r"\d{17}[\dX]")
_PART = r"[\s\u200b-\u200f\u2060\ufeff'’‘`\"\-‐‑‒–—_./·:,，、()（）]*"
_WITHIN = re.compile(rf"(?<!\d)(?=(\d(?:{_PART}\d){{16}}{_PART}[\dXx])(?!\d))")
"""Wherever a run of digits begins, one that reads as a number: whatever letters stand before, however it is parted."""
_OLD_WITHIN = re.compile(r"(?<!\d)\d{15}(?!\d)")
_PARTS = re.compile(_PART)
_OLD = re.compile(r"\d{15}")
_MISTYPED = re.compile(r"\d{6}(?:(?:18|19|20)\d\d[01]\d[0-3]\d[\dX]{2,5}|\d\d[01]\d[0-3]\d{4})")


def check_character(first17: str) -> str:
    """The eighteenth character of seventeen digits."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


@lru_cache(maxsize=200_000)
def examined(text: str) -> tuple[str | None, str | None]:
    """(number, None) in normal form, or (None, fault): empty | length | check | birth."""
    plain = unicodedata.normalize("NFKC", text).upper().translate(_NOISE)
    if not plain:
        return None, "empty"
    if _OLD.fullmatch(plain):
        longer = plain[:6] + "19" + plain[6:]
        plain = longer + check_character(longer)
    if not _NEW.fullmatch(plain):
        return None, "length"
    if check_character(plain[:17]) != plain[17]:
        return None, "check"
    try:
        date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        return None, "birth"
    return plain, None


def normalise(text: str) -> str | None:
    """The normal form of 18 characters, or None."""
    return examined(text)[0]


def is_in(text: str) -> bool:
    """Whether an identity number, new or old, parted or not, stands anywhere in a text that people wrote."""
    plain = unicodedata.normalize("NFKC", text)
    return bool(_numbers(plain)) or any(normalise(found) for found in _OLD_WITHIN.findall(plain))


def without_numbers(text: str) -> str:
    """A text with the middle of every identity number of 18 characters in it hidden."""
    if len(text) < 18:
        return text
    plain = unicodedata.normalize("NFKC", text)
    found = _numbers(plain)
    if not found:
        return text
    for number in found:
        plain = plain.replace(number, f"{number[:2]}{'*' * 14}{number[-2:]}")
    return plain


def _numbers(plain: str) -> list[str]:
    """What reads as an identity number in a text in NFKC, as it is written there."""
    return [found for found in _WITHIN.findall(plain) if normalise(_PARTS.sub("", found))]


def resembles(text: str) -> bool:
    """Whether a text was meant as an identity number, mistyped perhaps: such a text never goes into an address."""
    plain = unicodedata.normalize("NFKC", text).upper().translate(_NOISE)
    return examined(text)[0] is not None or _MISTYPED.fullmatch(plain) is not None
