"""Reads the text of PDFs as typst writes them, for tests: what is printed, not how."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(made: bytes) -> str:
    """The characters of all pages in the order of drawing; each piece on a line of its own."""
    objects = {int(found.group(1)): found.group(2) for found in OBJECT.finditer(made)}
    pages = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]
    assert pages, "no page"
    return "\n".join(_page(body, objects) for body in pages)


def _page(body: bytes, objects: dict[int, bytes]) -> str:
    resources = objects[_reference(rb"Resources", body)]
    fonts_at = re.search(rb"/Font (\d+) 0 R", resources)
    listed = objects[int(fonts_at.group(1))] if fonts_at else resources
    named = re.findall(rb"/(f\d+) (\d+) 0 R", listed)
    fonts = {name: _characters(objects[int(number)], objects) for name, number in named}
    pieces: list[str] = []
    drawn: list[str] = []
    font: dict[int, str] = {}
    for token in _tokens(_stream(objects[_reference(rb"Contents", body)])):
        if isinstance(token, str):
            drawn.append(token)
        elif token in (b"[", b"BT"):
            drawn = []
        elif token in (b"TJ", b"Tj"):
            glyphs = "".join(drawn).encode("latin-1")
            numbers = [int.from_bytes(glyphs[place : place + 2]) for place in range(0, len(glyphs), 2)]
            pieces.append("".join(font.get(number, "\ufffd") for number in numbers))
        else:
            font = fonts[token]
    return "\n".join(pieces)


def _tokens(content: bytes) -> Iterator[bytes | str]:
    """Strings as text of byte values; `[`, BT, names of fonts, TJ and Tj as bytes."""
    wanted, place = re.compile(rb"\(|\[|BT\b|/(f\d+) |T[Jj]\b|<([0-9A-Fa-f]+)>"), 0
    while (found := wanted.search(content, place)) is not None:
        place = found.end()
        if found.group(0) == b"(":
            text, place = _string(content, place)
            yield text
        elif found.group(2):
            yield bytes.fromhex(found.group(2).decode()).decode("latin-1")
        else:
            yield found.group(1) or found.group(0)


def _string(content: bytes, place: int) -> tuple[str, int]:
    """A string from behind its opening bracket, and where it ends; brackets inside are balanced or escaped."""
    made, depth = bytearray(), 1
    while True:
        byte = content[place : place + 1]
        place += 1
        if byte == b"\\":
            octal = re.compile(rb"[0-7]{1,3}").match(content, place)
            if octal:
                made.append(int(octal.group(), 8) & 0xFF)
                place = octal.end()
                continue
            escaped = content[place : place + 1]
            made += ESCAPES.get(escaped, escaped)
            place += 1
            continue
        depth += (byte == b"(") - (byte == b")")
        if depth == 0:
            return made.decode("latin-1"), place
        made += byte


def _reference(name: bytes, body: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    assert found
    return int(found.group(1))


def _stream(body: bytes) -> bytes:
    start = body.index(b"stream") + len(b"stream\n")
    data = body[start : body.rindex(b"\nendstream")]
    return zlib.decompress(data) if b"FlateDecode" in body[:start] else data


def _characters(font: bytes, objects: dict[int, bytes]) -> dict[int, str]:
    """Glyph number → text, from the font's ToUnicode table."""
    table = _stream(objects[_reference(rb"ToUnicode", font)])
    pairs = re.findall(rb"<([0-9A-F]+)> <([0-9A-F]+)>\n", table)
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}
