"""DuckDB connections that are shut in: they read and write only in some folders, fetch nothing and spill nothing."""

from __future__ import annotations

from pathlib import Path

import duckdb


def connect(memory_limit: str, folders: list[Path]) -> duckdb.DuckDBPyConnection:
    """A locked-down connection: it reads and writes only in the folders given, fetches nothing and spills nothing.

    DuckDB cannot encrypt what it spills without an extension that would have to be fetched, so it may not spill. Each
    query runs in the thread that asks; several threads ask.
    """
    connection = duckdb.connect()
    names = ", ".join("'" + quoted(folder) + "'" for folder in folders)
    for setting in (
        f"memory_limit='{memory_limit}'",
        "threads=1",
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


def bytes_of(limit: str) -> int:
    """A memory limit as people and DuckDB write it: 4GB, 3.7 GiB."""
    number = limit.rstrip("BiKMGT ")
    power = {"K": 1, "M": 2, "G": 3, "T": 4}.get(limit[len(number) :].strip()[:1], 0)
    return int(float(number) * (1024 if "i" in limit else 1000) ** power)


def quoted(path: Path) -> str:
    """A path for a statement, without the quotes around it."""
    return str(path.resolve()).replace("'", "''")
