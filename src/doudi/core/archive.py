"""The archive beside a house: what recovery to an instant needs after the last backup.

In HOME/wal (or DOUDI_WAL, better on another disk): the database's log as it is written, and a second name for every
file of the lake and every sealed original put in its place since. It is there from the first backup on; before that
nothing is archived. What lies in it is as encrypted as it is in the house; keys are never in it.
"""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

FOLDERS = ("lake", "originals")
logger = logging.getLogger(__name__)


def archive_folder(home: Path) -> Path:
    """Where the archive of a house is, or will be."""
    return Path(os.environ.get("DOUDI_WAL") or home / "wal").resolve()


def keep(home: Path, path: Path) -> None:
    """Gives a finished file of the house a second name in the archive; its bytes never change under it.

    A full or lost archive does not stop work: it is logged, and the next backup takes up what is missing.
    """
    archive = archive_folder(home)
    if not archive.is_dir():
        return
    try:
        second_name(path, archive / path.resolve().relative_to(home.resolve()))
    except OSError as error:
        logger.error("archive.not_kept", extra={"reason": error.strerror})


def second_name(path: Path, target: Path) -> None:
    """A link where the disk is the same, else a whole copy; a target that is there already is left alone."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    partial.unlink(missing_ok=True)
    try:
        os.link(path, partial)
    except OSError:
        shutil.copy2(path, partial)
    partial.replace(target)
