"""DuckDB connections that are shut in: they read and write only in some folders, fetch nothing and spill nothing.

This is the one place where a connection is opened (a test looks for others). Statements are our own, built from checked
names; the lock is for the day on which one of them is not. Work that may grow goes to `jail`, a process of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import duckdb

NOTHING_FETCHED = (
    "autoinstall_known_extensions=false",
    "autoload_known_extensions=false",
    "allow_community_extensions=false",
    "allow_persistent_secrets=false",
    "python_enable_replacements=false",
    "python_scan_all_frames=false",
)
SECONDS = 60.0
"""What one question of a page may take before it is broken off."""


def connect(memory_limit: str | None, folders: Sequence[Path], *, threads: int | None = 1) -> duckdb.DuckDBPyConnection:
    """A locked-down connection: it reads and writes only in the folders given, fetches nothing and spills nothing.

    DuckDB cannot encrypt what it spills without an extension that would have to be fetched, so it may not spill. Each
    query runs in the thread that asks unless `threads` says otherwise (None: as many as there are processors). Without
    a `memory_limit` DuckDB's own holds, most of the machine.
    """
    connection = duckdb.connect()
    names = ", ".join("'" + quoted(folder) + "'" for folder in folders)
    for setting in (
        *([f"memory_limit='{memory_limit}'"] if memory_limit else []),
        *([f"threads={threads}"] if threads else []),
        *NOTHING_FETCHED,
        "enable_progress_bar=false",
        "max_temp_directory_size='0KiB'",
        "temp_file_encryption=true",
        "parquet_metadata_cache=true",
        "preserve_insertion_order=false",
        f"allowed_directories=[{names}]",
        "enable_external_access=false",
        "lock_configuration=true",
    ):
        connection.execute("SET " + setting)
    return connection


@contextmanager
def watched(connection: duckdb.DuckDBPyConnection, seconds: float = SECONDS) -> Iterator[duckdb.DuckDBPyConnection]:
    """The connection; what it is asked within the block is broken off (`duckdb.InterruptException`) after a time."""
    watchdog = Timer(seconds, connection.interrupt)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield connection
    finally:
        watchdog.cancel()


def bytes_of(limit: str) -> int:
    """A memory limit as people and DuckDB write it: 4GB, 3.7 GiB."""
    number = limit.rstrip("BiKMGT ")
    power = {"K": 1, "M": 2, "G": 3, "T": 4}.get(limit[len(number) :].strip()[:1], 0)
    return int(float(number) * (1024 if "i" in limit else 1000) ** power)


def quoted(path: Path) -> str:
    """A path for a statement, without the quotes around it."""
    return str(path.resolve()).replace("'", "''")
