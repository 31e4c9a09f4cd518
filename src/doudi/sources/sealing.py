"""Whole files sealed at rest: pieces under the house's field key, each bound to its file, its place and the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from doudi.core.archive import keep
from doudi.core.vault import ID_BYTES, key_number, vault

PIECE = 4 * 1024 * 1024
LENGTH = 4


def seal(source: BinaryIO, target: Path, context: str) -> None:
    """Write the bytes of `source` sealed into `target` (0600), aside first, then in place."""
    _write(iter(lambda: source.read(PIECE), b""), target, context)


def sealed_anew(path: Path, context: str) -> None:
    """The same content under the newest key, put in the place of the old file when it is whole."""
    _write(opened(path, context), path, context)


def keys_used(path: Path) -> set[int]:
    """The numbers of the keys its pieces were sealed with; nothing is opened."""
    found = set()
    with path.open("rb") as file:
        while length := file.read(LENGTH):
            head = file.read(ID_BYTES)
            found.add(key_number(head))
            file.seek(int.from_bytes(length) - len(head), os.SEEK_CUR)
    return found


def _write(pieces: Iterator[bytes], target: Path, context: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        number, piece = 0, next(pieces, b"")
        while True:
            following = next(pieces, b"") if piece else b""
            sealed = vault().encrypt(_context(context, number, not following), piece)
            file.write(len(sealed).to_bytes(LENGTH) + sealed)
            if not following:
                break
            number, piece = number + 1, following
        file.flush()
        os.fsync(file.fileno())
    partial.rename(target)
    keep(Path(settings.HOME), target)


def opened(path: Path, context: str) -> Iterator[bytes]:
    """The plain bytes, piece by piece; VaultError when a piece was changed, moved or is missing."""
    with path.open("rb") as file:
        number, sealed = 0, _next(file)
        while sealed is not None:
            following = _next(file)
            yield vault().decrypt(_context(context, number, following is None), sealed)
            number, sealed = number + 1, following


def _next(file: BinaryIO) -> bytes | None:
    length = file.read(LENGTH)
    return file.read(int.from_bytes(length)) if length else None


def _context(context: str, number: int, last: bool) -> str:
    return f"{context}|{number}|{'last' if last else 'more'}"
