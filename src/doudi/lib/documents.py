"""Whether a PDF does anything by itself when it is opened. Looked for in its bytes and in its packed parts."""

from __future__ import annotations

import re
import zlib

ACTIVE = (
    b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/EmbeddedFiles", b"/OpenAction", b"/AA", b"/RichMedia",
    b"/XFA", b"/SubmitForm", b"/ImportData", b"/GoToR", b"/GoToE", b"/Sound", b"/Movie", b"/Rendition",
)  # fmt: skip
_NAME = re.compile(b"(?:" + b"|".join(re.escape(name) for name in ACTIVE) + rb")(?![A-Za-z])")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")
MOST_UNPACKED = 64 * 2**20


class BadDocument(ValueError):
    """Why a PDF is not taken: `active`, `sealed` (encrypted: it cannot be looked at), `bomb`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def check(data: bytes) -> None:
    """Raises BadDocument."""
    if re.search(rb"/Encrypt\b", data):
        raise BadDocument("sealed")
    _passive(data)
    left = MOST_UNPACKED
    for found in _STREAM.finditer(data):
        part = _unpacked(data[found.end() :], left)
        left -= len(part)
        if left <= 0:
            raise BadDocument("bomb")
        if b"/" in part:
            _passive(part)


def _passive(data: bytes) -> None:
    """A name may be written with escapes: /J#61vaScript."""
    plain = _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), data) if b"#" in data else data
    if _NAME.search(plain):
        raise BadDocument("active")


def _unpacked(data: bytes, most: int) -> bytes:
    """What a deflated stream holds; nothing for one that is packed otherwise."""
    try:
        return zlib.decompressobj().decompress(data[: 16 * 2**20], most)
    except zlib.error:
        return b""
