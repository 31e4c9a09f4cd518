"""The fonts that documents are set in: shipped packed, unpacked once into HOME/fonts; which characters they have."""

from __future__ import annotations

import json
import lzma
from bisect import bisect_right
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings

SHIPPED = Path(__file__).resolve().parent / "fonts"


@cache
def faces() -> tuple[dict[str, Any], ...]:
    """What is shipped: file, family, style, version, SHA-256 and the characters it has."""
    return tuple(json.loads((SHIPPED / "fonts.json").read_text(encoding="utf-8")))


def folder() -> Path:
    """HOME/fonts with every face unpacked; each is checked against its digest when it is written."""
    target = Path(settings.HOME) / "fonts"
    target.mkdir(parents=True, exist_ok=True)
    for face in faces():
        path = target / face["file"]
        if not path.exists() or path.stat().st_size != face["bytes"]:
            _unpack(face, path)
    return target


def _unpack(face: dict[str, Any], path: Path) -> None:
    content = lzma.decompress((SHIPPED / f"{face['file']}.xz").read_bytes())
    if sha256(content).hexdigest() != face["sha256"]:
        raise RuntimeError(f"The shipped font {face['file']} is not the one fonts.json describes.")
    partial = path.with_name(f".{path.name}.{uuid4().hex}")
    partial.write_bytes(content)
    partial.replace(path)


@cache
def _coverage() -> tuple[list[int], list[int]]:
    """First and last code points of the ranges that both families have: what prints wherever it stands."""
    common = set.intersection(*(set(_codes(face["has"])) for face in faces() if face["style"] == "Regular"))
    return sorted(c for c in common if c - 1 not in common), sorted(c for c in common if c + 1 not in common)


def _codes(ranges: str) -> list[int]:
    found: list[int] = []
    for part in ranges.split():
        first, _, last = part.partition("-")
        found.extend(range(int(first, 16), int(last or first, 16) + 1))
    return found


def has(character: str) -> bool:
    """Whether a character can be printed. Line ends need no glyph; nor do marks that only choose a form."""
    code = ord(character)
    if character == "\n" or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:
        return True
    firsts, lasts = _coverage()
    place = bisect_right(firsts, code) - 1
    return place >= 0 and code <= lasts[place]
