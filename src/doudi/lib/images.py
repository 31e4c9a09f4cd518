"""Pictures without what nobody meant to send: where and when they were taken, by which device, and what hangs behind.

JPEG and PNG only, by their segments and chunks; nothing is decoded, so a picture of a billion points costs nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

MOST_POINTS = 40_000_000
"""Width times height: a large phone's picture has 12 to 50 million points, of which it is asked to send fewer."""
MOST_SIDE = 20_000
PNG = b"\x89PNG\r\n\x1a\n"
KEPT_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYS", b"bKGD"}
)
SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
"""JPEG segments that say how large the picture is."""
BARE = frozenset({0x01, *range(0xD0, 0xD9)})


class BadImage(ValueError):
    """Why a picture is not taken: `damaged` or `too_large`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def cleaned(data: bytes) -> bytes:
    """The same picture without its notes and without anything behind its end. Raises BadImage."""
    try:
        if data.startswith(PNG):
            return _png(data)
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
    except (IndexError, ValueError) as error:
        raise error if isinstance(error, BadImage) else BadImage("damaged") from None
    raise BadImage("damaged")


def _fits(width: int, height: int) -> None:
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE and width * height <= MOST_POINTS):
        raise BadImage("too_large")


def _png(data: bytes) -> bytes:
    kept = [PNG]
    for number, (kind, body, chunk) in enumerate(_chunks(data)):
        if (number == 0) != (kind == b"IHDR"):
            raise BadImage("damaged")
        if kind == b"IHDR":
            _fits(int.from_bytes(body[:4]), int.from_bytes(body[4:8]))
        if kind in KEPT_CHUNKS:
            kept.append(chunk)
        elif kind[0] < 0x60:  # a capital first letter: without it the picture cannot be shown
            raise BadImage("damaged")
        if kind == b"IEND":
            return b"".join(kept)
    raise BadImage("damaged")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    at = len(PNG)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4])
        end = at + 12 + length
        if end > len(data):
            return
        kind, body = data[at + 4 : at + 8], data[at + 8 : end - 4]
        if zlib.crc32(kind + body) != int.from_bytes(data[end - 4 : end]):
            raise BadImage("damaged")
        yield kind, body, data[at:end]
        at = end


def _jpeg(data: bytes) -> bytes:
    kept, at, sized = [b"\xff\xd8"], 2, False
    while True:
        if data[at] != 0xFF:
            raise BadImage("damaged")
        while data[at + 1] == 0xFF:
            at += 1
        marker = data[at + 1]
        if marker == 0xD9:
            if not sized:
                raise BadImage("damaged")
            return b"".join([*kept, b"\xff\xd9"])
        if marker in BARE:
            kept.append(data[at : at + 2])
            at += 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4])
        segment = data[at : at + 2 + length]
        if length < 2 or len(segment) != 2 + length:
            raise BadImage("damaged")
        if marker in SIZES:
            _fits(int.from_bytes(segment[7:9]), int.from_bytes(segment[5:7]))
            sized = True
        if not (0xE1 <= marker <= 0xEF or marker == 0xFE) or (marker == 0xEE and segment[4:9] == b"Adobe"):
            kept.append(segment)
        at += 2 + length
        if marker == 0xDA:
            end = _scan_end(data, at)
            kept.append(data[at:end])
            at = end


def _scan_end(data: bytes, at: int) -> int:
    """The next marker that is no part of the picture's own bytes."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise BadImage("damaged")
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2
