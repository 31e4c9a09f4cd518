"""The archive of a rulebook's files: canonical (same files, same bytes), compressed, and opened safely again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath

MAX_UNPACKED = 64 * 1024 * 1024


def policy_files(root: Path) -> dict[str, str]:
    """Every YAML file below `root`: what the hash of a rulebook covers."""
    found = ((path.relative_to(root).as_posix(), path) for path in root.rglob("*.yaml"))
    return {name: path.read_bytes().decode("utf-8") for name, path in sorted(found)}


def pack(files: Mapping[str, str]) -> bytes:
    """Sorted names and texts as one JSON text, compressed."""
    return _compressed(json.dumps(sorted(files.items()), ensure_ascii=False, separators=(",", ":")))


@lru_cache(maxsize=4)  # the same files are published for one place after another
def _compressed(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8"), 9)


def unpack(bundle: bytes) -> dict[str, str]:
    """The files of a bundle. ValueError if it is too large or names a path outside its folder."""
    opener = zlib.decompressobj()
    raw = opener.decompress(bundle, MAX_UNPACKED)
    if opener.unconsumed_tail:
        raise ValueError("bundle too large")
    files: dict[str, str] = dict(json.loads(raw.decode("utf-8")))
    for name in files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or path.suffix != ".yaml":
            raise ValueError("bundle path outside")
    return files


def write_files(files: Mapping[str, str], folder: Path) -> None:
    """Lay the files out below `folder`."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
