"""Restoring: a backup becomes a house again beside the one that is there, and takes its place once everything agrees.

Agreement is: the figures at the mark to the row, the audit log, the lake's manifest file by file, and pg_amcheck. Until
then the house is not touched; what it held is set aside, not deleted.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from doudi.core.archive import FOLDERS, archive_folder
from doudi.core.vault import Vault
from doudi.site.backup.branches import branch_at, is_on, note_branch
from doudi.site.backup.checking import check, check_keys
from doudi.site.backup.figures import Figures, audit_prefix_agrees, figures_of
from doudi.site.backup.layout import BackupError, Manifest, Mark, measured
from doudi.site.backup.marking import kept_marks
from doudi.site.backup.recovery import Target, recovered
from doudi.site.backup.taking import only_one
from doudi.site.backup.tools import reaching, run_tool, said, space_needed
from doudi.site.backup.wal import pack, rescue
from doudi.site.postgres import Cluster
from doudi.site.server_process import runner

Say = Callable[[str], None]
STAGING, RESCUED = "restoring", "rescued"
PARTS = ("pg/data", *FOLDERS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be restored, and to when: None is the backup itself, "latest" the end of the log."""

    home: Path
    database: str
    backup: Path
    keys: Vault
    until: datetime | str | None = None
    replaces: bool = False
    throw_away: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: as of when it was seen to agree, how, and on which branch of the log it goes on."""

    mark: Mark
    figures: Figures
    seconds: float
    set_aside: Path | None
    branch: int = 0


def restore(wanted: Wanted, *, at: datetime, say: Say) -> Restored:
    """The house as it was, or an error and the house untouched."""
    started = time.monotonic()
    staging = wanted.home / STAGING
    with only_one(wanted.home):
        try:
            manifest = _may_begin(wanted, say)
            _lay_out(wanted, staging, manifest)
            mark, figures, branch = _brought_back(wanted, staging, manifest, say)
            gather(wanted.backup, wanted.home, staging, figures, manifest)
            set_aside = put_in_place(wanted.home, staging, at)
            _log_goes_on(wanted.home, staging / RESCUED, branch, at)
        except OSError as error:
            raise said(error) from None
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return Restored(mark, figures, round(time.monotonic() - started, 1), set_aside, branch)


def _may_begin(wanted: Wanted, say: Say) -> Manifest:
    """Refused before anything is done: a damaged backup, other keys, a house that is there and not to be replaced."""
    say("核验备份 · checking every byte of the backup")
    manifest = check(wanted.backup, wanted.keys)
    check_keys(manifest, wanted.keys)
    if not (wanted.home / "keys" / "pg-postgres").exists():
        raise BackupError(
            "backup.keys_lacking",
            "HOME/keys lacks pg-postgres: put back the whole folder of keys that was kept elsewhere.",
        )
    if (wanted.home / "pg" / "data").exists() and not wanted.replaces:
        raise BackupError(
            "backup.house_there",
            f"{wanted.home} 里已有数据 · holds a house already: --replace sets it aside once the restored one agrees.",
        )
    space_needed(wanted.home, manifest.size)
    return manifest


def _lay_out(wanted: Wanted, staging: Path, manifest: Manifest) -> None:
    """The base copied into a house of its own, which shares the keys."""
    if manifest.kind != "base":
        raise BackupError(
            "backup.kind", "This is a dump of an outside server: restore it with DATABASE_URL_BACKUP set."
        )
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=0o700)
    (staging / "keys").symlink_to(wanted.home / "keys")
    data = staging / "pg" / "data"
    shutil.copytree(wanted.backup / "base", data, symlinks=True)
    data.chmod(0o700)
    for path in [data, *data.rglob("*")]:
        runner().own(path)
    old = Cluster(wanted.home)
    old.stop()  # a clean end brings its last log into the archive
    rescue(old.data / "pg_wal", archive_folder(wanted.home), staging / RESCUED)


def _brought_back(wanted: Wanted, staging: Path, manifest: Manifest, say: Say) -> tuple[Mark, Figures, int]:
    """Recovered and agreed: at the mark to the row; later than that by everything that does not change afterwards."""
    until, archive = wanted.until, archive_folder(wanted.home)
    log = [wanted.backup / "wal", archive, staging / RESCUED]
    branch = manifest.mark.timeline if until is None else branch_at(archive, until, manifest.mark.timeline)
    mark = _newest_mark(wanted, manifest, branch)
    say(f"恢复到 {mark.at:%Y-%m-%d %H:%M:%S}Z，核对 · recovering to the mark, comparing")
    target = Target(branch, mark=mark.name, pauses=until is not None)
    with recovered(staging, target, log, throw_away=wanted.throw_away) as cluster:
        with cluster.connect(wanted.database) as connection:
            found = figures_of(connection)
            agree(mark.figures.differences(found))
        if until is None:
            return mark, found, _seen_through(cluster, wanted.database, say)
    say(f"恢复到 {until} · recovering further")
    target = Target(branch, until=until if isinstance(until, datetime) else None)
    with recovered(staging, target, log, throw_away=wanted.throw_away) as cluster:
        with cluster.connect(wanted.database) as connection:
            found = figures_of(connection)
            agree(audit_prefix_agrees(connection, mark.figures.audit))
        return mark, found, _seen_through(cluster, wanted.database, say)


def _newest_mark(wanted: Wanted, manifest: Manifest, branch: int) -> Mark:
    """The last mark before the wanted instant; the backup's own unless the archive has a later one."""
    own, until = manifest.mark, wanted.until
    if isinstance(until, datetime) and until < own.at:
        raise BackupError(
            "backup.before_it",
            f"这份备份在那个时刻之后 · This backup is of {own.at.isoformat()}, after {until.isoformat()}: "
            "use an earlier one.",
        )
    if until is None:
        return own
    archive = archive_folder(wanted.home)
    if not is_on(archive, branch, own.timeline, own.lsn):
        raise BackupError(
            "backup.other_branch",
            "这份备份在后来被恢复放弃的那一段里 · This backup is of a stretch that a later restore left behind; "
            "to that instant use one taken before or after it.",
        )
    marks = [
        mark for mark in kept_marks(archive) if mark.at > own.at and is_on(archive, branch, mark.timeline, mark.lsn)
    ]
    fitting = (mark for mark in marks if not isinstance(until, datetime) or mark.at <= until)
    return max(fitting, key=lambda mark: mark.at, default=own)


def agree(differences: list[str]) -> None:
    if differences:
        raise BackupError(
            "backup.disagrees",
            "恢复的数据与备份时不一致，没有启用 · What came back is not what was backed up; it was not put in place: "
            + "; ".join(differences[:10]),
        )


def _seen_through(cluster: Cluster, database: str, say: Say) -> int:
    """Every table and index of the database read and checked by PostgreSQL; the branch the log goes on with."""
    say("pg_amcheck")
    options = ["--heapallindexed", "--install-missing", "--no-password"]
    run_tool("pg_amcheck", *options, database, variables=reaching(cluster))
    with cluster.connect(database) as connection:
        connection.execute("DROP EXTENSION amcheck")
        found = connection.execute("SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)").fetchone()
    return int(str(found[0]), 16) if found else 0


def gather(backup: Path, home: Path, staging: Path, figures: Figures, manifest: Manifest) -> None:
    """Every file the restored database names, from the backup, the archive or the house that is there."""
    places = [backup, archive_folder(home), home]
    digests = {f"lake/{feed}/{name}": (int(size), str(digest)) for feed, name, digest, size in figures.lake}
    lacking = []
    for name in figures.paths:
        found = (path for place in places if (path := place / name).is_file() and not path.is_symlink())
        source = next((path for path in found if name not in digests or measured(path) == digests[name]), None)
        if source is None:
            lacking.append(name)
            continue
        (staging / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy2(source, staging / name, follow_symlinks=False)
    agree([f"{name} is gone or changed" for name in sorted(set(lacking) - set(manifest.missing))])


def put_in_place(home: Path, staging: Path, at: datetime, parts: Sequence[str] = PARTS) -> Path | None:
    """The restored database, lake and originals; what was there before goes aside."""
    aside = home / f"before-restore-{at:%Y%m%dT%H%M%SZ}"
    moved = [name for name in parts if (home / name).exists()]
    for name in moved:
        (aside / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        (home / name).rename(aside / name)
    for name in parts:
        if (staging / name).exists():
            (home / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            (staging / name).rename(home / name)
    return aside if moved else None


def _log_goes_on(home: Path, rescued: Path, branch: int, at: datetime) -> None:
    """From here on there is a new branch; what a server that died had not archived of the old one is kept as well.

    The branch's own history is archived at once: the next restore must not take its number again, should this house
    never be started.
    """
    archive = archive_folder(home)
    if not archive.is_dir():
        return
    for path in rescued.glob("*.gz") if rescued.is_dir() else ():
        if not (archive / path.name).exists():
            shutil.copy2(path, archive / path.name)
    pack(home / "pg" / "data" / "pg_wal" / f"{branch:08X}.history", archive)
    note_branch(archive, branch, at)
