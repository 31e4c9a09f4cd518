"""Taking a backup of an embedded house while it works: aside, checked, sealed, and only then under its name.

Whatever ends it early leaves nothing that looks like a backup; what a killed one left is cleared by the next.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from doudi.core.archive import archive_folder
from doudi.core.vault import Vault
from doudi.site.backup.figures import Connection
from doudi.site.backup.layout import BackupError, Manifest, Mark, contents, name_at, write_sealed
from doudi.site.backup.marking import keep_mark, make_mark
from doudi.site.backup.register import UNREADABLE, Taken, add_backup, taken_backups, write_backups
from doudi.site.backup.tools import reaching, run_tool, said, space_needed, synced
from doudi.site.backup.wal import copy_from, finish_segment, forget_before, take_up
from doudi.site.postgres import Cluster

Say = Callable[[str], None]
SUFFIX = ".partial"
REMOVED_AGAIN = 50
"""Times a tenth of a second in which what is left of an ended backup is removed."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What is to be backed up, where to, and with which keys it is sealed (they are not put inside)."""

    cluster: Cluster
    database: str
    to: Path
    keys: Vault


def take(wanted: Backup, *, at: datetime, say: Say) -> Taken:
    """One backup, whole and checked, or an error and nothing."""
    started = time.monotonic()
    home = wanted.cluster.home
    try:
        with only_one(home), aside(wanted.to, at) as partial:
            with wanted.cluster.connect(wanted.database) as connection:
                _ready(connection, home, wanted.to)
                first = _base(wanted.cluster, partial, say)
                mark = _marked(connection, home, partial, first, say)
            missing = copy_files(mark, home, partial, say)
            say("核验 · pg_verifybackup, hashes, seal")
            run_tool("pg_verifybackup", "--quiet", str(partial / "base"))
            manifest = Manifest(
                "base", version("doudi"), _server(), mark, needed(wanted.keys), contents(partial), missing
            )
            digest = write_sealed(partial, manifest, wanted.keys)
            synced(partial)
            final = partial.rename(wanted.to / name_at(at))
    except OSError as error:
        raise said(error) from None
    seconds = round(time.monotonic() - started, 1)
    done = Taken(str(final), mark.at.isoformat(), manifest.size, len(manifest.files), seconds, digest, first)
    add_backup(home, done)
    return done


def keep_newest(home: Path, number: int) -> list[Taken]:
    """Removes all but the newest backups of this house and what only they needed of the archive; the removed.

    BackupError while an earlier list lies aside unread: the backups it names would lose what they need of the archive.
    """
    if (home / UNREADABLE).exists():
        raise BackupError(
            "backup.list_unreadable",
            f"备份目录读不出来，已另存，没有清理任何东西 · The list of backups could not be read and lies in "
            f"{home / UNREADABLE}; nothing was removed. Look which backups there are, then move that file away.",
        )
    known = [one for one in taken_backups(home) if Path(one.path).is_dir()]
    gone, kept = known[:-number], known[-number:]
    for one in gone:
        shutil.rmtree(one.path)
    write_backups(home, kept)
    if kept and kept[0].first_segment:
        from doudi.site.backup.layout import read_manifest

        named = set(read_manifest(Path(kept[0].path), None).files)
        forget_before(archive_folder(home), kept[0].first_segment, named, kept[0].finished_at.timestamp())
    return gone


def needed(keys: Vault) -> dict[str, str]:
    """Fingerprints of the keys without which a restored house cannot be read."""
    return {name: fingerprint.hex() for name, fingerprint in keys.fingerprints().items()}


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """One backup or restore of a house at a time."""
    with (home / "backup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("backup.running", "已有备份在进行 · Another backup or restore is running.") from None
        yield


@contextmanager
def aside(to: Path, at: datetime) -> Iterator[Path]:
    """The folder being filled, removed unless it got its name."""
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(to)
    if (to / name_at(at)).exists():
        raise BackupError("backup.exists", f"{to / name_at(at)} exists already.")
    partial = to / f".{name_at(at)}.{os.getpid()}{SUFFIX}"
    partial.mkdir(mode=0o700)
    try:
        yield partial
    finally:
        _remove(partial)


def _remove(folder: Path) -> None:
    """All of it: what a tool that was ended was about to write may come after the first time."""
    for _try in range(REMOVED_AGAIN):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)


def _sweep(to: Path) -> None:
    for left in to.glob(f".doudi-*{SUFFIX}"):
        if not Path(f"/proc/{left.name.split('.')[-2]}").exists():
            shutil.rmtree(left, ignore_errors=True)


def _ready(connection: Connection, home: Path, to: Path) -> None:
    """The log is being archived from here on, and there is room."""
    mode = connection.execute("SHOW archive_mode").fetchone()
    if mode != ("on",):
        raise BackupError(
            "backup.not_archiving",
            "数据库还没有开始归档日志，请重启 · The database was started without archiving: restart it (`doudi up`).",
        )
    archive = archive_folder(home)
    archive.mkdir(parents=True, exist_ok=True, mode=0o700)
    take_up(home, archive)
    size = connection.execute("SELECT sum(pg_database_size(oid)) FROM pg_database").fetchone()
    files = sum(path.stat().st_size for name in ("lake", "originals") for path in (home / name).rglob("*"))
    space_needed(to, int(str(size[0] if size else 0)) + files + (48 << 20))


def _base(cluster: Cluster, partial: Path, say: Say) -> str:
    """The database's files; the log segment that recovery begins with."""
    say("数据库文件 · pg_basebackup")
    options = ["--wal-method=stream", "--checkpoint=fast", "--manifest-checksums=SHA256", "--no-password"]
    run_tool("pg_basebackup", "--pgdata", str(partial / "base"), *options, variables=reaching(cluster))
    for line in (partial / "base" / "backup_label").read_text().splitlines():
        if line.startswith("START WAL LOCATION"):
            return line.split("file ")[1].rstrip(")")
    raise BackupError("backup.label", "pg_basebackup left no label.")


def _marked(connection: Connection, home: Path, partial: Path, first: str, say: Say) -> Mark:
    """Figures at a point of the log, and the log up to it."""
    say("计数与日志 · figures and log")
    archive = archive_folder(home)
    mark = make_mark(connection, partial.name.strip(".").split(".")[0])
    try:
        last = finish_segment(connection, archive)
    except TimeoutError as error:
        raise BackupError(
            "backup.archive_stuck",
            f"日志归档没有完成 · Log segment {error} did not come into {archive}: see {home}/log/postgres.log.",
        ) from None
    copy_from(archive, first, last, partial / "wal")
    keep_mark(archive, mark)
    return mark


def copy_files(mark: Mark, home: Path, partial: Path, say: Say) -> list[str]:
    """What the database names of lake and originals, by second names: the first may be replaced by now; the missing."""
    say("数据湖与原件 · lake and originals")
    missing = []
    for name in mark.figures.paths:
        source = next((path for path in (archive_folder(home) / name, home / name) if path.exists()), None)
        if source is None:
            missing.append(name)
            say(f"缺失 · MISSING {name}")
            continue
        (partial / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy2(source, partial / name)
    return missing


def _server() -> str:
    return run_tool("postgres", "--version").strip()
