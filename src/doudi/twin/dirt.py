"""How numbers and names get written otherwise than they are; what can be restored, and what cannot.

Kinds and their shares follow the county pack: blanks around the number, an apostrophe before it, the old form of 15
digits, a small x, full-width digits, and a wrong check character or a lost digit, which nobody can restore.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from doudi.lib.identity_number import CHECKS
from doudi.twin.numbers import texts
from doudi.twin.plan import Array

KINDS = ("blanks", "apostrophe", "old", "small", "wide", "check", "lost")
SHARES = (0.66, 0.13, 0.09, 0.04, 0.03, 0.04, 0.01)
DAMAGED = ("check", "lost")
_WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def written(rng: np.random.Generator, number: Array, share: float, *, old: bool = True) -> tuple[pa.Array, Array]:
    """(numbers as written, which are still legible) for (n, 18) ASCII rows; `old` allows the form of 15 digits."""
    clean = texts(number)
    dirty = np.flatnonzero(rng.random(len(number)) < share)
    kinds = rng.choice(len(KINDS), size=len(dirty), p=SHARES)
    turns = rng.integers(1, 10, len(dirty))
    legible = np.ones(len(number), dtype=bool)
    if not len(dirty):
        return clean, legible
    changed = []
    for place, kind, turn, text in zip(dirty, kinds, turns, clean.take(pa.array(dirty)).to_pylist(), strict=True):
        changed.append(_variant(text, KINDS[kind], int(turn), old))
        legible[place] = KINDS[kind] not in DAMAGED
    mask = np.zeros(len(number), dtype=bool)
    mask[dirty] = True
    return pc.replace_with_mask(clean, pa.array(mask), pa.array(changed)), legible


def _variant(text: str, kind: str, turn: int, old: bool) -> str:
    if kind == "apostrophe":
        return "'" + text
    if kind == "old" and old and text[6:8] == "19":
        return text[:6] + text[8:17]
    if kind == "small" and text.endswith("X"):
        return text.lower()
    if kind == "wide":
        return text.translate(_WIDE)
    if kind == "check":
        return text[:17] + CHECKS[(CHECKS.index(text[17]) + turn) % 11]
    if kind == "lost":
        return text[:8] + text[9:]
    return f" {text}  "


def written_names(rng: np.random.Generator, names: pa.Array, share: float) -> pa.Array:
    """Names with a blank after the first character, or with a full-width point for the middle dot."""
    spaced = rng.random(len(names)) < share
    part = pc.replace_substring_regex(names.filter(pa.array(spaced)), r"^([^·])([^·]+)$", r"\1 \2")
    names = pc.replace_with_mask(names, pa.array(spaced), part)
    pointed = rng.random(len(names)) < share * 10
    part = pc.replace_substring(names.filter(pa.array(pointed)), "·", "．")
    return pc.replace_with_mask(names, pa.array(pointed), part)
