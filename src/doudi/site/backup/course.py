"""The course of the commands: which house, which server, and the entry in its audit log."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from doudi.core.archive import archive_folder
from doudi.core.key_adapters import store_of
from doudi.core.vault import open_vault
from doudi.site.backup.layout import MANIFEST, BackupError, Mark, measured, name_at
from doudi.site.backup.marking import keep_mark, make_mark
from doudi.site.backup.register import Taken
from doudi.site.backup.restoring import Restored, Wanted, restore
from doudi.site.backup.taking import Backup, Say, keep_newest, take
from doudi.site.database import DATABASE, is_embedded
from doudi.site.django_setup import opened, set_up
from doudi.site.places import home
from doudi.site.postgres import Cluster


def backed_up(to: Path, keep: int | None, *, say: Say) -> tuple[Taken, list[Taken]]:
    """A backup of this house or of its outside server; those removed afterwards."""
    from doudi.core.clock import now

    keys, at = open_vault(store_of(home())), now()
    if not is_embedded():
        from doudi.site.backup.outside import dump

        done = dump(home(), to, keys, at=at, say=say)
        _note_backup(done)
        return done, keep_newest(home(), keep) if keep else []
    with _running() as cluster:
        done = take(Backup(cluster, DATABASE, to, keys), at=at, say=say)
        _note_backup(done)
    return done, keep_newest(home(), keep) if keep else []


def marked() -> Mark:
    """Figures of this instant in the archive."""
    from doudi.core.clock import now

    archive = archive_folder(home())
    if not is_embedded() or not archive.is_dir():
        raise BackupError("backup.no_archive", "还没有备份过 · There is no archive yet: take a backup first.")
    with _running() as cluster, cluster.connect(DATABASE) as connection:
        mark = make_mark(connection, name_at(now()).replace("doudi", "mark"))
    keep_mark(archive, mark)
    return mark


def restored(source: Path, until: datetime | str | None, *, replaces: bool, say: Say) -> Restored:
    """This house from a backup; it notes in itself that it was restored."""
    from doudi.core.clock import now

    keys = open_vault(store_of(home()))
    if not is_embedded():
        from doudi.site.backup.outside import bring_back

        done = bring_back(source, keys, until=until, say=say)
    else:
        done = restore(Wanted(home(), DATABASE, source, keys, until, replaces), at=now(), say=say)
    with opened():
        from doudi.core.actor import Actor
        from doudi.operations.actions import note_restore

        digest = measured(source / MANIFEST)[1]
        _log_verifies()
        until_said = until.isoformat() if isinstance(until, datetime) else until or "backup"
        note_restore(actor=Actor.system(), at=now(), name=source.name, until=until_said, digest=digest)
    return done


def _log_verifies() -> None:
    """Every entry of the restored log read again. It is in place by now: what is found is for the auditor to see."""
    from doudi.audit.adapters.signing import open_signer
    from doudi.audit.queries.checking import check_log

    findings = check_log(key=open_signer(home() / "keys").key).findings
    if findings:
        raise BackupError(
            "backup.log_broken",
            f"已恢复，但痕迹核对不上 · Restored, but the audit log does not verify: {len(findings)} findings; "
            "see `doudi audit verify`.",
        )


@contextmanager
def _running() -> Iterator[Cluster]:
    """The house's server; started for this when it does not run, and stopped again."""
    cluster = Cluster(home())
    if not (cluster.data / "PG_VERSION").exists():
        raise BackupError("backup.no_house", f"{home()} 里还没有数据 · holds no database yet: nothing to back up.")
    started = cluster.start()
    try:
        yield cluster
    finally:
        if started:
            cluster.stop()


def _note_backup(done: Taken) -> None:
    """On record in the house that was backed up. Its tables may be of an older version: the backup stands without."""
    os.environ.setdefault("DOUDI_LOG_LEVEL", "CRITICAL")
    set_up("work", start=False)
    from django.db import DatabaseError, connections

    from doudi.core.actor import Actor
    from doudi.core.clock import now
    from doudi.core.row_context import acting
    from doudi.operations.actions import note_backup

    try:
        name = Path(done.path).name
        with acting(Actor.system()):
            note_backup(actor=Actor.system(), at=now(), name=name, files=done.files, digest=done.digest)
    except DatabaseError as error:
        raise BackupError(
            "backup.not_on_record", f"The backup {done.path} is good, but the audit log did not take its entry: {error}"
        ) from None
    finally:
        connections.close_all()
