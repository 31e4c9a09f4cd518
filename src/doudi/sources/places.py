"""Where sources keep files under HOME, and who may read them: this account only."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

LIVE = "process"


def lake_folder(feed: str) -> Path:
    """HOME/lake/<feed>/."""
    return _made(Path(settings.HOME) / "lake" / feed)


def originals_folder() -> Path:
    """HOME/originals/: sealed originals and side files."""
    return _made(Path(settings.HOME) / "originals")


def original_path(delivery: uuid.UUID) -> Path:
    """The sealed original of a delivery."""
    return originals_folder() / f"{delivery}.sealed"


def people_path(delivery: uuid.UUID) -> Path:
    """The sealed side file of people."""
    return originals_folder() / f"{delivery}.people"


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder of its own under HOME/incoming, gone afterwards; those of dead processes are cleared."""
    incoming = _made(Path(settings.HOME) / "incoming")
    _sweep(incoming)
    folder = incoming / uuid.uuid4().hex
    folder.mkdir(mode=0o700)
    (folder / LIVE).write_text(str(os.getpid()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(incoming: Path) -> None:
    for note in incoming.glob(f"*/{LIVE}"):
        try:
            if not Path(f"/proc/{note.read_text()}").exists():
                shutil.rmtree(note.parent, ignore_errors=True)
        except OSError:
            continue


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
