"""Folders of snapshots: only their owner reads them, none is replaced, a folder is used for what it says it holds."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

META = "meta.json"
KEPT = 2 * 24 * 3600
"""Seconds an old snapshot stays: one is taken up on the day it was made, and may be read for a day after."""
_USUAL = re.compile(r"([0-9]{2,12}-[0-9]{8}-[0-9a-f]{8})(-[0-9]+)?")


def usual_folder(folder: Path, place: str, as_of: datetime.date, rulebook: str) -> Path:
    """Where the snapshot of a place and day with the facts of a rulebook lies, if nobody says otherwise."""
    return folder / f"{place}-{as_of:%Y%m%d}-{rulebook[:8]}"


def is_own(folder: Path) -> bool:
    """Whether it lies where the house looks for snapshots."""
    return folder.resolve().parent == (settings.HOME / "snapshots").resolve()


def holds(folder: Path, place: str, as_of: datetime.date, rulebook: str) -> bool:
    """Whether the folder says of itself that it holds that place and day with these facts."""
    try:
        said = json.loads((folder / META).read_text(encoding="utf-8"))
        found = said["place"], said["as_of"], said["rulebook"]
    except (OSError, ValueError, TypeError, KeyError):
        return False
    return bool(found == (place, as_of.isoformat(), rulebook))


@contextmanager
def written_beside(out: Path) -> Iterator[Path]:
    """A new folder beside `out` to write in, for its owner alone; gone unless it was put in its place."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f"{out.name}.", suffix=".partial", dir=out.parent))
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def put_in_place(partial: Path, out: Path) -> Path:
    """The folder as `out`, or by the next free name where that holds something: it may be being read."""
    for file in partial.iterdir():
        file.chmod(0o600)
    for target in (out, *(out.with_name(f"{out.name}-{number}") for number in range(2, 1000))):
        if target.is_dir() and not any(target.iterdir()):
            return _filled(target, partial)
        if not target.exists():
            try:
                return partial.rename(target)
            except OSError:
                if not target.exists():
                    raise
    raise FileExistsError(f"{out} holds something")


def _filled(empty: Path, partial: Path) -> Path:
    """An empty folder stays the one it is, as somebody may stand in it; meta.json comes last."""
    empty.chmod(0o700)
    for file in sorted(partial.iterdir(), key=lambda one: one.name == META):
        file.rename(empty / file.name)
    return empty


def forget_older(kept: Path) -> None:
    """Former snapshots of the same place, day and rulebook go when nobody can be reading them any more."""
    usual = _USUAL.fullmatch(kept.name)
    if usual is None or not is_own(kept):
        return
    former = re.compile(re.escape(usual[1]) + r"(-[0-9]+|\..*\.partial)?")
    for folder in kept.parent.iterdir():
        if folder != kept and former.fullmatch(folder.name) and time.time() - folder.stat().st_mtime > KEPT:
            shutil.rmtree(folder, ignore_errors=True)
