"""The database's log in the archive: which segments are there, which a backup takes along, when they may go."""

from __future__ import annotations

import gzip
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from doudi.core.archive import FOLDERS, second_name
from doudi.site.backup.figures import Connection

SEGMENT = re.compile(r"[0-9A-F]{24}")
LOGGED = re.compile(r"([0-9A-F]{24}|[0-9A-F]{8}\.history)\.gz")
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

    Not into the archive: should that server go on, it will want to put the finished segment there itself.
    """
    target.mkdir(mode=0o700, exist_ok=True)
    rescued = 0
    for path in sorted(pg_wal.iterdir()) if pg_wal.is_dir() else ():
        if SEGMENT.fullmatch(path.name) and not (archive / f"{path.name}.gz").exists():
            with path.open("rb") as source, gzip.open(target / f"{path.name}.gz", "wb", compresslevel=1) as packed:
                shutil.copyfileobj(source, packed)
            rescued += 1
    return rescued


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
