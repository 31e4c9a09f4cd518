"""Whether an area named on the command line is one that anybody knows: of the policy folder or of the country's areas.

Areas whose code begins with 99 are made up; there, what lies above or below a place of the policy will do. No Django.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from itertools import islice

from doudi.areas.divisions import divisions
from doudi.engine.errors import EngineError

MADE_UP = "99"
_LENGTHS = (2, 4, 6, 9, 12)
_SUGGESTED = 3
_COUNTY = 6


def known_place(asked: str, places: Collection[str]) -> str:
    """The code as it was given. Refused with the nearest codes and names where nobody knows it."""
    if not (asked.isascii() and asked.isdigit()):
        near: list[tuple[str, str]] | None = _nearest_names(asked)
    elif len(asked) not in _LENGTHS:
        raise EngineError("policy.place_malformed", place=asked)
    elif any(code.startswith(asked) for code in places) or _is_made_up_near(asked, places):
        return asked
    else:
        near = _nearest_codes(asked, places)
    if near is None:
        return asked
    said = " / ".join(f"{code} {name}".strip() for code, name in near)
    raise EngineError("policy.place_unknown", place=asked, suggestion=said or None)


def _is_made_up_near(asked: str, places: Collection[str]) -> bool:
    return asked.startswith(MADE_UP) and any(asked.startswith(code) for code in places)


def _nearest_codes(asked: str, places: Collection[str]) -> list[tuple[str, str]] | None:
    """None where the country has the area; else areas of the same length, those that begin alike first."""
    if asked.startswith(MADE_UP):
        return [(code, "") for code in difflib.get_close_matches(asked, places, _SUGGESTED, 0)]
    around = dict(divisions(asked[:2]))
    if asked in around:
        return None
    whole = asked.rstrip("0")
    shorter = (asked[:n] for n in reversed(_LENGTHS) if len(whole) <= n < len(asked))
    if padded := next((code for code in shorter if code in around), ""):  # 330100 in tables of statistics is 3301
        return [(padded, around[padded])]
    above = next((asked[:n] for n in reversed(_LENGTHS) if n < len(asked) and asked[:n] in around), "")
    alike = [code for code in around if len(code) == len(asked) and code.startswith(above)] if above else []
    near = difflib.get_close_matches(asked, alike, _SUGGESTED, 0) or [above] * bool(above)
    return [(code, around[code]) for code in near]


def _nearest_names(asked: str) -> list[tuple[str, str]]:
    """Areas down to counties with that name or one that holds it, else names like it."""
    known = [(code, name) for code, name in divisions() if len(code) <= _COUNTY]
    holding = ((code, name) for code, name in known if asked and asked in name)
    if found := list(islice(holding, _SUGGESTED)):
        return found
    alike = difflib.get_close_matches(asked, {name for _, name in known}, _SUGGESTED)
    return [(code, name) for code, name in known if name in alike][:_SUGGESTED]
