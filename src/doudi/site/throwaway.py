"""A throw-away house for a trial: its own folder, keys and cluster; gone afterwards, also after errors and signals.

A house left behind by a process that was killed outright is cleared by the next trial of the same user.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from doudi.site.postgres import Cluster

MARK = "doudi-trial-"


@contextmanager
def throw_away_house() -> Iterator[Cluster]:
    """The started cluster of a fresh house; this process's DOUDI_HOME and database settings point there."""
    sweep()
    home = Path(tempfile.mkdtemp(prefix=MARK))
    try:
        (home / "process").write_text(str(os.getpid()))
        _point_at(home)
        from doudi.core.vault import create_keys, open_vault

        create_keys(home / "keys")
        open_vault(home / "keys")
        cluster = Cluster(home, throw_away=True)
        cluster.start()
        yield cluster
    finally:
        tear_down(home)


def _point_at(home: Path) -> None:
    for name in [name for name in os.environ if name.startswith("DATABASE_URL")]:
        del os.environ[name]
    os.environ["DOUDI_HOME"] = str(home)


def sweep() -> None:
    """Clears houses whose process is gone."""
    for note in Path(tempfile.gettempdir()).glob(f"{MARK}*/process"):
        with suppress(OSError, ValueError):
            if note.stat().st_uid == os.geteuid() and not _lives(int(note.read_text())):
                tear_down(note.parent)


def tear_down(home: Path) -> None:
    """Stops the house's server and removes everything of it."""
    if (home / "pg" / "data").exists():
        Cluster(home, throw_away=True).stop()
    with suppress(OSError):
        shutil.rmtree((home / "pg" / "socket").read_text())
    shutil.rmtree(home, ignore_errors=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
