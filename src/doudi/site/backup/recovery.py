"""Bringing a base and its log to a point: the server is started in recovery, and watched until it is there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from doudi.site.archiving import restore_command
from doudi.site.backup.figures import Connection
from doudi.site.backup.layout import BackupError
from doudi.site.postgres import Cluster

HOURS = 12 * 3600.0
TOO_EARLY = "recovery ended before configured recovery target was reached"
LAST = "last completed transaction was at log time"


@dataclass(frozen=True, slots=True)
class Target:
    """Where recovery stops: at a mark, at an instant (what was committed by then is in), or at the end of the log."""

    branch: int
    mark: str = ""
    until: datetime | None = None
    pauses: bool = False

    def settings(self) -> dict[str, str]:
        action = {"recovery_target_timeline": str(self.branch)}
        action |= {"recovery_target_action": "pause" if self.pauses else "promote"}
        if self.mark:
            return {"recovery_target_name": self.mark} | action
        if self.until:
            return {"recovery_target_time": self.until.astimezone(UTC).isoformat()} | action
        return action


@contextmanager
def recovered(home: Path, target: Target, log: list[Path], *, throw_away: bool = False) -> Iterator[Cluster]:
    """The cluster in `home`, recovered to the target and answering; stopped afterwards.

    It notes what it would archive and archives nothing: it may yet be thrown away.
    """
    given = target.settings() | {"restore_command": restore_command(log), "archive_mode": "on", "archive_command": ""}
    cluster = Cluster(home, throw_away=throw_away, archives=False, settings=tuple(given.items()))
    (cluster.data / "recovery.signal").touch(mode=0o600)
    before = cluster.log.stat().st_size if cluster.log.exists() else 0
    try:
        deadline = time.monotonic() + HOURS
        if not cluster.launch(deadline):
            raise _ended_early(cluster, before, target)
        _await(cluster, target, deadline, before)
        yield cluster
    finally:
        cluster.stop()


def _await(cluster: Cluster, target: Target, deadline: float, before: int) -> None:
    """Until it is paused at the target, or is an ordinary server that went on from there."""
    while time.monotonic() < deadline:
        try:
            with cluster.connect() as connection:
                if _is_there(connection, target):
                    return
        except psycopg.OperationalError:
            if cluster.pid() is None:
                raise _ended_early(cluster, before, target) from None
        time.sleep(0.05)
    raise BackupError(
        "backup.recovery_slow", f"Recovery did not end within {HOURS / 3600:.0f} hours; see {cluster.log}."
    )


def _is_there(connection: Connection, target: Target) -> bool:
    found = connection.execute("SELECT pg_is_in_recovery()").fetchone()
    if found == (False,):
        return True
    return target.pauses and connection.execute("SELECT pg_get_wal_replay_pause_state()").fetchone() == ("paused",)


def _ended_early(cluster: Cluster, before: int, target: Target) -> BackupError:
    """Why recovery ended, from the server's log."""
    with cluster.log.open("rb") as file:
        file.seek(before)
        lines = file.read().decode(errors="replace").splitlines()
    if any(TOO_EARLY in line for line in lines):
        last = next((line.split(LAST)[1].strip() for line in reversed(lines) if LAST in line), "unknown")
        wanted = target.until.isoformat() if target.until else target.mark
        return BackupError(
            "backup.log_ends",
            f"日志到不了那个时刻 · The log ends before {wanted}; the last commit in it is of {last}. "
            "Choose an instant before that, or `--until latest`.",
        )
    told = " / ".join(line for line in lines if "FATAL" in line or "PANIC" in line) or "see its log"
    return BackupError("backup.recovery_failed", f"恢复失败 · Recovery failed: {told} ({cluster.log})")
