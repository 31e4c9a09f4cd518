"""From bytes to rows of cells: text in the agreed encoding, or the visible sheets of a workbook."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from doudi.engine.feeds import Feed
from doudi.sources.reading.cells import Rows
from doudi.sources.reading.faults import Refusal, problem
from doudi.sources.reading.workbook import sheets

MAX_FILE = 512 * 1024 * 1024
PIECE = 4 * 1024 * 1024
BOM = b"\xef\xbb\xbf"
UTF8 = ("utf-8", "utf-8-sig")
codecs.lookup("gb18030")  # loaded before any limit is set
DELIMITERS = (",", "\t", "|", ";")


@dataclass(slots=True)
class Opened:
    """One way to read a delivery as a table: what it was read as, and its rows from the start."""

    rows: Rows
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


def tables(path: Path, feed: Feed) -> Iterator[Opened]:
    """The tables a file may hold, the agreed reading first; raises Refusal."""
    size = path.stat().st_size
    if size == 0:
        raise Refusal(problem("file.empty"))
    if size > MAX_FILE:
        raise Refusal(problem("file.too_large", limit=MAX_FILE // 2**20))
    if feed.format == "xlsx":
        for name, rows in sheets(path):
            yield Opened(rows, sheet=name)
        return
    encoding, skip = checked_text(path, feed)
    for delimiter in dict.fromkeys((feed.delimiter, *DELIMITERS)):
        yield Opened(_lines(path, encoding, skip, delimiter), encoding, delimiter)


def checked_text(path: Path, feed: Feed) -> tuple[str, int]:
    """(encoding, bytes to skip) after reading the file once; Refusal when damaged, cut off or encoded otherwise."""
    scan = _Scan(feed)
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            scan.add(piece)
    return scan.verdict()


@dataclass(slots=True)
class _Scan:
    """One pass over the bytes of a text: newlines, NUL bytes, and which encodings fit to the last byte."""

    feed: Feed
    newlines: int = 0
    head: bytes = b""
    tail: bytes = b""
    first_foreign: int | None = None
    """Row of the first byte that is not ASCII."""
    broken: dict[str, int] = field(default_factory=dict)
    decoders: dict[str, codecs.IncrementalDecoder] = field(default_factory=dict)

    def add(self, piece: bytes) -> None:
        if not self.head:
            self._begin(piece)
            piece_to_decode = piece[len(BOM) :] if piece.startswith(BOM) else piece
        else:
            piece_to_decode = piece
        if b"\0" in piece:
            raise Refusal(problem("file.nul", row=self.newlines + piece[: piece.index(b"\0")].count(b"\n") + 1))
        if self.first_foreign is None and not piece.isascii():
            at = next(i for i, byte in enumerate(piece) if byte > 127)
            self.first_foreign = self.newlines + piece[:at].count(b"\n") + 1
        for name, decoder in self.decoders.items():
            if name not in self.broken:
                self._decode(name, decoder, piece_to_decode)
        self.newlines += piece.count(b"\n") or piece.count(b"\r")
        self.tail = (self.tail + piece)[-64:]

    def _begin(self, piece: bytes) -> None:
        self.head = piece[:8]
        if piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise Refusal(problem("file.encoding", row=1, wanted=self._wanted()))
        if piece.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")):
            raise Refusal(problem("file.format", wanted=self._wanted("CSV")))
        for name in ("utf-8", "gb18030"):
            self.decoders[name] = codecs.getincrementaldecoder(name)()

    def _decode(self, name: str, decoder: codecs.IncrementalDecoder, piece: bytes, final: bool = False) -> None:
        try:
            decoder.decode(piece, final)
        except UnicodeDecodeError as error:
            self.broken[name] = self.newlines + error.object[: error.start].count(b"\n") + 1

    def verdict(self) -> tuple[str, int]:
        rest = self.tail.rstrip(b" \t\x1a\0")
        if self.feed.ends_with_newline and rest and not rest.endswith((b"\n", b"\r")):
            raise Refusal(problem("file.truncated", row=self.newlines + 1))
        for name, decoder in self.decoders.items():
            if name not in self.broken:
                self._decode(name, decoder, b"", True)
        marked = self.head.startswith(BOM)
        skip = len(BOM) if marked else 0
        allowed = {"utf-8" if name in UTF8 else name for name in self.feed.encodings}
        if "utf-8" not in self.broken and (marked or "utf-8" in allowed or self.first_foreign is None):
            return "utf-8", skip  # a byte order mark says itself what the text is
        if "gb18030" in allowed and "gb18030" not in self.broken and "utf-8" in self.broken:
            return "gb18030", skip
        agreed = "gb18030" if "gb18030" in allowed else "utf-8"
        row = self.broken.get(agreed) or self.first_foreign or 1
        raise Refusal(problem("file.encoding", row=row, wanted=self._wanted()))

    def _wanted(self, kind: str = "") -> str:
        names = dict.fromkeys(("UTF-8" if name in UTF8 else name.upper()) for name in self.feed.encodings)
        return kind or " / ".join(names)


def _lines(path: Path, encoding: str, skip: int, delimiter: str) -> Rows:
    with path.open("rb") as raw:
        raw.seek(skip)
        text = io.TextIOWrapper(raw, encoding=encoding, newline="")
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        before = 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                raise Refusal(problem("file.quoting", row=before + 1)) from None
            yield before + 1, cells
            before = reader.line_num
