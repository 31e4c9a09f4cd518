"""HOME/backups.json: which backups were taken, for the health page and for clearing the archive. No personal data."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

FILE = "backups.json"
UNREADABLE = "backups.json.unreadable"
"""A list that could not be read lies there until its keeper has looked: what it named is not cleared away."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One finished backup."""

    path: str
    at: str
    size: int
    files: int
    seconds: float
    digest: str
    first_segment: str = ""

    @property
    def finished_at(self) -> datetime:
        return datetime.fromisoformat(self.at)


def taken_backups(home: Path) -> list[Taken]:
    """Backups taken of this house, oldest first; those that are gone or elsewhere now, too. ValueError when the list
    cannot be read: that is not the same as none.
    """
    try:
        return [Taken(**line) for line in json.loads((home / FILE).read_text())]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise ValueError(f"{FILE}: {error}") from None


def add_backup(home: Path, done: Taken) -> None:
    """One more on the list. A list that cannot be read is laid beside it, and a new one begun: the backup is there."""
    try:
        known = taken_backups(home)
    except ValueError:
        (home / FILE).replace(home / UNREADABLE)
        known = []
    write_backups(home, [*known, done])


def write_backups(home: Path, backups: list[Taken]) -> None:
    """The whole list, replaced at once."""
    partial = home / f".{FILE}.{os.getpid()}"
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump([asdict(one) for one in backups], file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(home / FILE)
