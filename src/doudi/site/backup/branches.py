"""Branches of a house's log: each restore begins one (PostgreSQL calls them timelines).

An instant means the branch that was lived on at that instant. So a second restore can go later than the first one did,
into what the first one had left behind.
"""

from __future__ import annotations

import gzip
import json
import os
from datetime import datetime
from pathlib import Path

FILE = "branches.json"


def note_branch(archive: Path, branch: int, at: datetime) -> None:
    """A restored house goes on, on a branch of its own, from this instant."""
    if not archive.is_dir():
        return
    begun = {**_begun(archive), str(branch): at.isoformat()}
    partial = archive / f".{FILE}.{os.getpid()}"
    partial.write_text(json.dumps(begun))
    partial.replace(archive / FILE)


def branch_at(archive: Path, until: datetime | str, own: int) -> int:
    """The branch of an instant, or the newest; the backup's own where no restore is known."""
    known = {int(branch): datetime.fromisoformat(at) for branch, at in _begun(archive).items()}
    lived = [branch for branch, at in known.items() if not isinstance(until, datetime) or at <= until]
    return max([own, *lived])


def is_on(archive: Path, branch: int, timeline: int, lsn: str) -> bool:
    """Whether a point of the log lies on the way to a branch's end."""
    if timeline == branch:
        return True
    history = archive / f"{branch:08X}.history.gz"
    if not history.exists():
        return False
    for line in gzip.decompress(history.read_bytes()).decode().splitlines():
        parts = line.split()
        if parts and parts[0] == str(timeline):
            return _number(lsn) <= _number(parts[1])
    return False


def _begun(archive: Path) -> dict[str, str]:
    try:
        return dict(json.loads((archive / FILE).read_text()))
    except (OSError, ValueError):
        return {}


def _number(lsn: str) -> int:
    high, low = lsn.split("/")
    return (int(high, 16) << 32) + int(low, 16)
