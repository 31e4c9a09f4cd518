"""Cells that say who: identity numbers, alone, cut out of another number, or several with names in one cell."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from doudi.engine.feeds import Column
from doudi.lib.identity_number import examined
from doudi.sources.reading.cells import is_empty, text_of, tight
from doudi.sources.reading.values import name_of

Who = tuple[str, bytes]
"""(number of 18 characters, lake key)."""
AS_FLOAT = "number.as_float"
EMPTY = "row.number_empty"
NUMBER_FAULTS = ("row.number_empty", "row.number_length", "row.number_check", "row.number_birth")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{1,3}", re.IGNORECASE)
_NOISE = str.maketrans("", "", " \t\r\n'`\"=-")
_LIKE_X = str.maketrans("×✕╳ХхΧχ", "XXXXXXX")
_AROUND = ".,;:。、；："
_PEOPLE = re.compile(r"[;,、|\n\r]+")
_DIGITS = re.compile(r"[0-9][0-9 '\-]{13,}[0-9Xx×]?")


class NumberReader(dict[Any, "Who | None"]):
    """Cell → who it is; `faults` says why not. A number stored as a float is a fault of the whole file."""

    def __init__(self, column: Column, key_of: Callable[[str], bytes]) -> None:
        super().__init__()
        self.faults: dict[Any, str] = {}
        self._pattern = re.compile(column.pattern) if column.pattern else None
        self._key_of = key_of

    def __missing__(self, cell: Any) -> Who | None:
        number, fault = number_in(cell, self._pattern)
        if number is None:
            self.faults[cell] = fault or EMPTY
            self[cell] = None
            return None
        found = self[cell] = (number, self._key_of(number))
        return found

    def forget(self) -> None:
        """Between chunks: keep the memory bounded."""
        if len(self) > 400_000:
            self.clear()
            self.faults.clear()


def number_in(cell: Any, pattern: re.Pattern[str] | None = None) -> tuple[str | None, str | None]:
    """(number, None) or (None, fault). 15 digits stored as a number are all still there; 18 are not."""
    if isinstance(cell, float) and not (cell.is_integer() and 10**14 <= cell < 10**15):
        return None, AS_FLOAT if abs(cell) >= 10**14 else "row.number_length"
    text = text_of(cell)
    if cell.__class__ is str and _SCIENTIFIC.fullmatch(text):
        return None, AS_FLOAT
    if is_empty(text):
        return None, EMPTY
    text = text.translate(_NOISE).strip(_AROUND).translate(_LIKE_X).upper()
    if pattern is not None:
        match = pattern.search(text)
        text = match[1] if match else text
    number, fault = examined(text)
    return number, None if number else f"row.number_{fault}"


def people_in(cell: Any) -> tuple[list[tuple[str, str]], bool]:
    """The (number, name) pairs of one cell, and whether every part of it could be read. Nobody is guessed."""
    people: list[tuple[str, str]] = []
    whole = True
    for part in _PEOPLE.split(text_of(cell)):
        text = part.strip()
        if is_empty(text):
            continue
        match = _DIGITS.search(text)
        number = number_in(match[0])[0] if match else None
        if match is None or number is None or _DIGITS.search(text, match.end()):
            whole = False
            continue
        name = name_of(re.sub(r"[()\[\]:：/\s]+", "", text[: match.start()] + text[match.end() :]))
        people.append((number, name))
    return people, whole


def has_number(cell: Any) -> str | None:
    """The valid number a cell holds, for rows whose cells have shifted."""
    return number_in(cell)[0] if sum(map(str.isdecimal, tight(cell))) >= 15 else None
