"""What a file is by its first and last bytes, and whether that is what its name says. Nothing is opened or unpacked."""

from __future__ import annotations

import re
from dataclasses import dataclass

HEAD, TAIL = 4096, 70_000
"""How much of both ends is looked at; a ZIP's own end may lie 65,557 bytes before the file's."""

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"), (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF87a", "gif"), (b"GIF89a", "gif"), (b"BM", "bmp"),
    (b"II*\0", "tiff"), (b"MM\0*", "tiff"), (b"RIFF", "riff"), (b"MZ", "program"), (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"), (b"\xcf\xfa\xed\xfe", "program"), (b"#!", "script"), (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"), (b"\x1f\x8b", "archive"), (b"BZh", "archive"), (b"\xfd7zXZ", "archive"),
    (b"(\xb5/\xfd", "archive"), (b"PAR1", "parquet"), (b"SQLite format 3", "database"), (b"{\\rtf", "rtf"),
)  # fmt: skip
MARKUP = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml|<!doctype|<!--|<(?:html|svg|script|head|body|math)\b)", re.IGNORECASE
)
TEXT = frozenset({"csv", "txt", "tsv", "yaml", "yml", "json"})
KINDS: dict[str, frozenset[str]] = {
    **{name: frozenset({"text"}) for name in TEXT},
    # a workbook with a password is an OLE file; whoever opens it says so in better words
    "xlsx": frozenset({"zip", "ole"}), "xls": frozenset({"ole"}), "zip": frozenset({"zip"}),
    "parquet": frozenset({"parquet"}), "pdf": frozenset({"pdf"}), "jpg": frozenset({"jpeg"}),
    "jpeg": frozenset({"jpeg"}), "png": frozenset({"png"}),
}  # fmt: skip
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless string by which every scanner shows that it is there; so does this check."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends of a file and how long it is."""

    head: bytes
    tail: bytes
    size: int


class NotThat(ValueError):
    """Why a file is not taken: `extension`, `content`, `two_kinds`, `program`, `virus`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def extension(name: str) -> str:
    """The part after the last dot, in small letters; "" where there is none or the name hides something."""
    if (
        "\0" in name
        or "/" in name
        or "\\" in name
        or any(mark in name for mark in "\u202a\u202b\u202d\u202e\u2066\u2067")
    ):
        return ""
    stem, dot, last = name.rpartition(".")
    return last.strip().lower() if dot and stem else ""


def kind_of(head: bytes) -> str:
    """By the first bytes: a name of MAGIC, `markup`, or `text` for whatever has no mark of its own."""
    for magic, kind in MAGIC:
        # two letters begin many a text
        if head.startswith(magic) and (len(magic) > 2 or b"\0" in head[:64] or kind == "script"):
            return kind
    return "markup" if MARKUP.match(head) else "text"


def check(name: str, ends: Ends, allowed: frozenset[str]) -> str:
    """The kind of a file that may be taken; raises NotThat. `allowed`: extensions."""
    said = extension(name)
    if said not in allowed or said not in KINDS:
        raise NotThat("extension")
    if EICAR in ends.head or EICAR in ends.tail:
        raise NotThat("virus")
    kind = kind_of(ends.head)
    if kind in ("program", "script"):
        raise NotThat("program")
    if kind not in KINDS[said]:
        raise NotThat("content")
    if _is_two(kind, ends):
        raise NotThat("two_kinds")
    return kind


def _is_two(kind: str, ends: Ends) -> bool:
    """Whether something of another kind hangs before or behind."""
    if kind != "zip" and kind != "ole" and _zip_end(ends.tail) is not None and kind != "text":
        return True
    if kind == "zip":
        return not _ends_as_zip(ends)
    if kind == "pdf":
        return b"%%EOF" not in ends.tail[-1024:]
    if kind == "text":
        return b"PK\x05\x06" in ends.tail or b"%PDF-" in ends.head[:1024]
    return False


def _zip_end(tail: bytes) -> int | None:
    at = tail.rfind(b"PK\x05\x06")
    return at if at >= 0 else None


def _ends_as_zip(ends: Ends) -> bool:
    """The directory's end is the file's end, without a remark, and its offsets begin at the file's first byte."""
    at = _zip_end(ends.tail)
    if at is None:
        return True  # cut off: whoever opens it says so
    record = ends.tail[at : at + 22]
    if len(record) < 22 or len(ends.tail) - at != 22 + int.from_bytes(record[20:22], "little"):
        return False
    if int.from_bytes(record[20:22], "little"):
        return False
    size, start = int.from_bytes(record[12:16], "little"), int.from_bytes(record[16:20], "little")
    if 0xFFFFFFFF in (size, start):
        return True  # ZIP64: looked at when it is opened
    return start + size == ends.size - 22
