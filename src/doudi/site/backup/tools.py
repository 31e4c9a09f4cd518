"""Running PostgreSQL's own tools against a cluster: they say in one line why they failed."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from doudi.site.backup.layout import BackupError
from doudi.site.postgres import Cluster
from doudi.site.server_process import environment, runner
from doudi.site.serving import end_with_parent

FULL = "No space left on device"


def run_tool(program: str, *arguments: str, variables: Mapping[str, str] | None = None) -> str:
    """Runs a tool to its end; what it printed. BackupError with its last lines when it failed."""
    command = [str(runner().programs / program), *arguments]
    with subprocess.Popen(
        command,
        env=environment() | dict(variables or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
        preexec_fn=end_with_parent,
    ) as process:
        try:
            out, complaints = process.communicate()
        except BaseException:
            # pg_basebackup has a child of its own that would go on writing
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode != 0:
        told = (complaints.strip() or out.strip()).splitlines()[-6:]
        if any(FULL in line for line in told):
            raise disk_full(" / ".join(told))
        raise BackupError("backup.tool_failed", f"{program}: {' / '.join(told) or 'failed without a word'}")
    return out + complaints


def reaching(cluster: Cluster) -> dict[str, str]:
    """Variables by which a tool reaches the cluster as its superuser."""
    folder = cluster.socket_folder()
    return {"PGHOST": str(folder), "PGUSER": "postgres", "PGPASSWORD": cluster.password("postgres")}


def disk_full(told: str) -> BackupError:
    """The disk is full: nothing half is left, and what to do."""
    return BackupError(
        "backup.disk_full",
        f"磁盘已满，没有留下半份 · The disk is full ({told}); nothing half was left behind. "
        "Make room or use another --to.",
    )


def space_needed(folder: Path, needed: int) -> None:
    """BackupError before anything is written when it cannot fit, with a twentieth to spare."""
    free = shutil.disk_usage(folder).free
    if free < needed * 1.05:
        raise BackupError(
            "backup.no_space",
            f"空间不够 · {folder} has {free >> 20} MiB free, about {int(needed * 1.05) >> 20} MiB are needed.",
        )


def said(error: OSError) -> BackupError:
    """An error of the operating system in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(error.strerror or "")
    return BackupError("backup.files", f"{error.filename or ''}: {error.strerror or error}")


def synced(folder: Path) -> None:
    """Everything written below is on disk when this returns."""
    for path in [*folder.rglob("*"), folder, folder.parent]:
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            continue
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
