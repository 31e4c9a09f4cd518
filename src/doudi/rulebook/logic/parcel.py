"""Policy files as one file to carry: a ZIP with the same bytes for the same files, opened with care."""

from __future__ import annotations

import io
import json
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from lzma import LZMAError
from pathlib import PurePosixPath

MANIFEST = "doudi.json"
MOST_FILES, MOST_FILE, MOST_BYTES = 2000, 256 * 1024, 16 * 2**20
DAMAGED = (
    zipfile.BadZipFile, zlib.error, LZMAError, struct.error, EOFError, RuntimeError, OSError, KeyError, ValueError
)  # fmt: skip
LONG_AGO = (1980, 1, 1, 0, 0, 0)


class BadParcel(ValueError):
    """The file cannot be taken: `code` is one of not_a_zip, too_many, too_large, outside, kind, text, empty."""

    def __init__(self, code: str, name: str = "") -> None:
        self.code, self.name = code, name[:120]
        super().__init__(code)


def packed(files: Mapping[str, str], about: Mapping[str, str]) -> bytes:
    """A ZIP of the files, sorted, with a note of what it is."""
    out = io.BytesIO()
    note = json.dumps(dict(about), ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in [(MANIFEST, note), *sorted(files.items())]:
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, text.encode("utf-8"))
    return out.getvalue()


def unpacked(data: bytes) -> dict[str, str]:
    """The YAML files of a ZIP. BadParcel for a path outside, a link, another kind of file, or too much of anything."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _look_at(entries)
            files = {entry.filename: _text(archive, entry) for entry in entries if entry.filename != MANIFEST}
    except BadParcel:
        raise
    except DAMAGED:
        raise BadParcel("not_a_zip") from None
    if not files:
        raise BadParcel("empty")
    return files


def of_place(files: Mapping[str, str], place: str) -> dict[str, str]:
    """The files of a place's folder in a parcel, wherever the folder `places` stands in it."""
    found = {}
    for name, text in files.items():
        parts = PurePosixPath(name).parts
        if len(parts) >= 3 and parts[-3:-1] == ("places", place):
            found[parts[-1]] = text
    return found


def _look_at(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise BadParcel("too_many")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise BadParcel("too_large")
    seen: set[str] = set()
    for entry in entries:
        name, path = entry.filename, PurePosixPath(entry.filename)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name or name in seen:
            raise BadParcel("outside", name)
        if kind not in (0, stat.S_IFREG) or (path.suffix != ".yaml" and name != MANIFEST):
            raise BadParcel("kind", name)
        seen.add(name)


def _text(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    with archive.open(entry) as stream:
        data = stream.read(MOST_FILE + 1)
    if len(data) > MOST_FILE:
        raise BadParcel("too_large", entry.filename)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadParcel("text", entry.filename) from None
