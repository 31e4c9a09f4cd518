"""Cells of tables that people open in spreadsheet programs: nothing in them runs, numbers stay numbers.

A program that opens a CSV file runs a cell as a formula by its first character, whatever was meant. Some pass over
blanks, quotes and unseen characters before it, some take full-width signs for plain ones, and a file opened with
another delimiter than it was written with begins new cells in the middle of ours. An apostrophe stops all of them.
"""

from __future__ import annotations

import re
import unicodedata

_STARTERS = frozenset("=+-@")
_QUOTES = frozenset("'\"`´‘’“”„‟′″＇＂«»「」")
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Shown as nothing, though Unicode counts them as letters, marks or symbols; variation selectors come on top."""
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d{1,3})?%?")
_DIVIDERS = re.compile(r"([\t\n\r\v\f\x1c-\x1f\x85\u2028\u2029,;|])")
_KEPT_DIGITS = 15
"""A spreadsheet keeps so many digits of a number; of a longer one it loses the last."""


def harmless(cell: str) -> str:
    """The cell with an apostrophe before whatever a spreadsheet would run; numbers with a sign stay.

    NUL has no business in a table and is left out.
    """
    text = cell.replace("\0", "")
    if _is_number(text):
        return text
    parts = _DIVIDERS.split(text)
    whole = len(parts) == 1
    made = "".join("'" + part if at % 2 == 0 and _runs(part, whole) else part for at, part in enumerate(parts))
    if text[:1] in "\t\r\n" and not made.startswith("'") and len(text) > 1:
        return "'" + made
    return made


def is_active(cell: str) -> bool:
    """Whether a spreadsheet program might run the cell, or a part of it that it takes for a cell."""
    return harmless(cell) != cell


def as_text(cell: str) -> str:
    """The cell of a CSV file, digits as they are: identity numbers and accounts keep their end, zeros in front stay."""
    safe = harmless(cell)
    loses = safe.isdigit() and (len(safe) > _KEPT_DIGITS or (len(safe) > 1 and safe[0] == "0"))
    return "'" + safe if loses else safe


def _is_number(text: str) -> bool:
    return any(character.isdigit() for character in text) and _NUMBER.fullmatch(text.strip(" ")) is not None


def _is_unseen(character: str) -> bool:
    selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return selector or character in _UNSEEN or unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cc", "Cf")


def _runs(part: str, alone: bool) -> bool:
    """Whether a cell begins as a formula does, once blanks, quotes and unseen characters are passed over."""
    if part.startswith("'"):  # it is a text already: that is what the apostrophe says
        return False
    for at, character in enumerate(part):
        if character in _QUOTES or _is_unseen(character):
            continue
        rest = part[at:]
        if unicodedata.normalize("NFKC", character)[:1] not in _STARTERS or _is_number(rest):
            return False
        # a lone sign is a dash in a table, and no formula
        return len(rest.rstrip()) > 1 or not alone
    return False
