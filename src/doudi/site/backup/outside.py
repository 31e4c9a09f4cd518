"""Backing up and restoring where PostgreSQL is somebody else's server (DATABASE_URL): one consistent dump.

Figures and dump come from the same snapshot. Recovery to an instant is that server's own affair: its administrators
archive its log. DATABASE_URL_BACKUP names a role that may read everything (pg_read_all_data, BYPASSRLS); to restore, a
role that may create everything in an empty database whose roles exist (docs/operations/running.md).
"""

from __future__ import annotations

import os
import shutil
import time
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from doudi.core.archive import FOLDERS, archive_folder
from doudi.core.vault import Vault
from doudi.site.backup.checking import check, check_keys
from doudi.site.backup.figures import Figures, counted, figures_of, tables_of
from doudi.site.backup.layout import BackupError, Manifest, Mark, contents, name_at, write_sealed
from doudi.site.backup.register import Taken, add_backup
from doudi.site.backup.restoring import Restored, agree, gather, put_in_place
from doudi.site.backup.taking import Say, aside, copy_files, needed, only_one
from doudi.site.backup.tools import run_tool, said, space_needed, synced
from doudi.site.backup.wal import take_up
from doudi.site.places import home as house

VARIABLE = "DATABASE_URL_BACKUP"
NAMES = {"host": "PGHOST", "port": "PGPORT", "dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD"}
DUMP = "dump/doudi.dump"


def dump(home: Path, to: Path, keys: Vault, *, at: datetime, say: Say) -> Taken:
    """One backup of an outside server's database, with lake and originals of this house."""
    started = time.monotonic()
    archive = archive_folder(home)
    try:
        archive.mkdir(parents=True, exist_ok=True, mode=0o700)
        with only_one(home), aside(to, at) as partial:
            take_up(home, archive)
            (partial / "dump").mkdir(mode=0o700)
            mark, server = _dumped(partial, name_at(at), say)
            missing = copy_files(mark, home, partial, say)
            manifest = Manifest("dump", version("doudi"), server, mark, needed(keys), contents(partial), missing)
            digest = write_sealed(partial, manifest, keys)
            synced(partial)
            final = partial.rename(to / name_at(at))
    except OSError as error:
        raise said(error) from None
    seconds = round(time.monotonic() - started, 1)
    done = Taken(str(final), mark.at.isoformat(), manifest.size, len(manifest.files), seconds, digest)
    add_backup(home, done)
    return done


def bring_back(source: Path, keys: Vault, *, until: object, say: Say) -> Restored:
    """A dump into the empty database of DATABASE_URL_BACKUP; lake and originals into this house."""
    from doudi.core.clock import now

    started, home, at = time.monotonic(), house(), now()
    manifest = check(source, keys)
    check_keys(manifest, keys)
    if until is not None or manifest.kind != "dump":
        raise BackupError(
            "backup.outside", "Recovery to an instant is the outside server's own; here a dump is restored as it is."
        )
    staging = home / "restoring"
    with only_one(home):
        try:
            staging.mkdir(mode=0o700)
            figures = _loaded(source, manifest, say)
            gather(source, home, staging, figures, manifest)
            set_aside = put_in_place(home, staging, at, FOLDERS)
        except OSError as error:
            raise said(error) from None
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return Restored(manifest.mark, figures, round(time.monotonic() - started, 1), set_aside)


def _dumped(partial: Path, name: str, say: Say) -> tuple[Mark, str]:
    """The dump and the figures of one snapshot; which server it is."""
    say("转储 · pg_dump")
    with psycopg.connect(_url(), autocommit=True) as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        space_needed(partial, int(_one(connection, "SELECT pg_database_size(current_database())")) // 2)
        snapshot = str(_one(connection, "SELECT pg_export_snapshot()"))
        options = ["--format=custom", f"--snapshot={snapshot}", f"--file={partial / DUMP}", "--no-password"]
        run_tool("pg_dump", *options, variables=_variables())
        mark = Mark(name, "", 0, _one(connection, "SELECT clock_timestamp()"), counted(connection))
        return mark, f"PostgreSQL {_one(connection, 'SHOW server_version')}"


def _loaded(source: Path, manifest: Manifest, say: Say) -> Figures:
    """The dump restored, counted, compared."""
    with psycopg.connect(_url(), autocommit=True) as connection:
        if tables_of(connection):
            raise BackupError("backup.not_empty", f"The database of {VARIABLE} is not empty: make a new one.")
    say("装入 · pg_restore")
    name = conninfo_to_dict(_url())["dbname"]
    options = ["--exit-on-error", "--no-password", f"--dbname={name}", "--jobs=2"]
    run_tool("pg_restore", *options, str(source / DUMP), variables=_variables())
    with psycopg.connect(_url(), autocommit=True) as connection:
        figures = figures_of(connection)
    agree(manifest.mark.figures.differences(figures))
    say("pg_amcheck")
    try:
        run_tool("pg_amcheck", "--heapallindexed", "--install-missing", str(name), variables=_variables())
    except BackupError as error:
        say(f"未做 · not done, the rows agree: {error}")
    return figures


def _url() -> str:
    found = os.environ.get(VARIABLE)
    if not found:
        raise BackupError(
            "backup.no_role", f"外部数据库请设置 · With an outside server set {VARIABLE} (see running.md)."
        )
    return found


def _variables() -> dict[str, str]:
    """For tools, so that no password stands in a list of processes."""
    given = conninfo_to_dict(_url())
    ssl = {"PGSSLMODE": str(given["sslmode"])} if "sslmode" in given else {}
    return {NAMES[name]: str(value) for name, value in given.items() if name in NAMES} | ssl


def _one(connection: psycopg.Connection[Any], statement: str) -> Any:
    found = connection.execute(statement).fetchone()
    return found[0] if found else None
