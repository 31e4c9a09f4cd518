"""The database's log in the archive: which segments are there, which a backup takes along, when they may go."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import struct
import time
from collections.abc import Iterator
from pathlib import Path

from doudi.core.archive import FOLDERS, second_name
from doudi.site.backup.figures import Connection

SEGMENT = re.compile(r"[0-9A-F]{24}")
LOGGED = re.compile(r"([0-9A-F]{24}|[0-9A-F]{8}\.history)\.gz")
SEGMENT_BYTES = 16 << 20
PATIENCE = 120.0
GRACE = 3600.0


def archived(archive: Path) -> Iterator[Path]:
    """Segments and histories of timelines that are there, in order."""
    yield from sorted(path for path in archive.glob("*.gz") if LOGGED.fullmatch(path.name))


def finish_segment(connection: Connection, archive: Path, patience: float = PATIENCE) -> str:
    """Ends the current segment and waits until it lies in the archive; its name. TimeoutError when it does not come."""
    found = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
    name = str(found[0]) if found else ""
    deadline = time.monotonic() + patience
    while not (archive / f"{name}.gz").exists():
        if time.monotonic() > deadline:
            raise TimeoutError(name)
        time.sleep(0.05)
    return name


def copy_from(archive: Path, first: str, last: str, target: Path) -> None:
    """Segments from `first` to `last`, and every history of a timeline, into a folder."""
    target.mkdir(mode=0o700)
    for path in archived(archive):
        segment = path.name.removesuffix(".gz")
        if not SEGMENT.fullmatch(segment) or first[8:] <= segment[8:] <= last[8:]:
            shutil.copy2(path, target / path.name)


def take_up(home: Path, archive: Path) -> None:
    """Gives every file of lake and originals that the archive lacks its second name there."""
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                second_name(path, archive / path.relative_to(home))


def rescue(pg_wal: Path, archive: Path, target: Path) -> int:
    """Packs what a server that died had not archived, its unfinished segment too, into a folder; how many segments.

    Not into the archive: should that server go on, it will want to put the finished segment there itself. Files that
    the server keeps ready for later, with old content under a coming name, are no part of the log.
    """
    target.mkdir(mode=0o700, exist_ok=True)
    rescued = 0
    for path in sorted(pg_wal.iterdir()) if pg_wal.is_dir() else ():
        if SEGMENT.fullmatch(path.name) and not (archive / f"{path.name}.gz").exists() and _is_begun(path):
            pack(path, target)
            rescued += 1
    return rescued


def pack(path: Path, target: Path) -> None:
    """A file of the log packed into a folder, whole or not at all; one that is there already is left alone."""
    packed = target / f"{path.name}.gz"
    if packed.exists() or not path.exists():
        return
    partial = packed.with_name(f".{packed.name}.{os.getpid()}")
    with path.open("rb") as source, gzip.open(partial, "wb", compresslevel=1) as file:
        shutil.copyfileobj(source, file)
    partial.replace(packed)


def _is_begun(segment: Path) -> bool:
    """Whether a segment's first page is of the place its name says: its timeline and its address in the log."""
    with segment.open("rb") as file:
        head = file.read(16)
    timeline, number = int(segment.name[:8], 16), int(segment.name[16:], 16)
    address = (int(segment.name[8:16], 16) << 32) + number * SEGMENT_BYTES
    return head[4:16] == struct.pack("=IQ", timeline, address)


def forget_before(archive: Path, first: str, kept: set[str], before: float) -> int:
    """Removes what no kept backup needs: segments before the oldest one's first, files replaced before it; how many.

    `kept` are the paths the oldest backup names. A file written shortly before it may have been put in place after it.
    """
    removed = 0
    for path in archive.glob("*.gz"):
        if SEGMENT.match(path.name) and path.name[8:24] < first[8:]:
            path.unlink()
            removed += 1
    for folder in FOLDERS:
        for path in (archive / folder).rglob("*"):
            name = path.relative_to(archive).as_posix()
            if path.is_file() and name not in kept and path.stat().st_mtime < before - GRACE:
                path.unlink()
                removed += 1
    return removed
