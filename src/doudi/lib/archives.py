"""Whether a ZIP may be opened at all, by its directory: how much, how deep, where to, and what else it holds."""

from __future__ import annotations

import stat
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

NESTED = frozenset({"zip", "gz", "bz2", "xz", "7z", "rar", "tar", "tgz", "zst", "jar", "lzma"})


@dataclass(frozen=True, slots=True)
class Most:
    """What an archive may hold."""

    entries: int = 2000
    unpacked: int = 1024 * 2**20
    ratio: int = 200
    """Unpacked bytes to packed ones; small archives may be anything."""
    small: int = 64 * 2**20


class BadArchive(ValueError):
    """Why it is not opened: damaged, entries, bomb, path, link, nested, password, twice."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def check(file: IO[bytes], size: int, most: Most | None = None) -> None:
    """Raises BadArchive. Reads the directory only; whoever unpacks still counts what comes out."""
    limits = most or Most()
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise BadArchive("damaged") from None
    if len(entries) > limits.entries:
        raise BadArchive("entries")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.unpacked or (unpacked > limits.small and unpacked > limits.ratio * max(size, 1)):
        raise BadArchive("bomb")
    names: set[str] = set()
    for entry in entries:
        _check_entry(entry, names)


def _check_entry(entry: zipfile.ZipInfo, names: set[str]) -> None:
    name, path = entry.filename, PurePosixPath(entry.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name:
        raise BadArchive("path")
    if name in names:
        raise BadArchive("twice")
    names.add(name)
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise BadArchive("link")
    if entry.flag_bits & 1:
        raise BadArchive("password")
    if path.suffix.lstrip(".").lower() in NESTED:
        raise BadArchive("nested")
