"""The slices of a screening: which households each holds, its file, and whether a file is of the same run."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from doudi.engine.errors import EngineError
from doudi.engine.quantities import Rulebook

Array = npt.NDArray[Any]
PATIENCE = 10.0
"""Seconds that a run waits for another in the same folder: one that was killed is gone by then."""


@dataclass(frozen=True, slots=True)
class Span:
    """Households by their row in the snapshot, both ends included."""

    first: int
    last: int

    def halves(self) -> tuple[Span, Span]:
        middle = (self.first + self.last) // 2
        return Span(self.first, middle), Span(middle + 1, self.last)

    def parts(self, size: int) -> list[Span]:
        """Cut at multiples of `size` rows, where the row groups of a snapshot are cut too."""
        starts = [self.first, *range((self.first // size + 1) * size, self.last + 1, size)]
        return [Span(start, min((start // size + 1) * size - 1, self.last)) for start in starts if start <= self.last]

    def __len__(self) -> int:
        return self.last - self.first + 1


def slices_of(snapshot: Path) -> list[tuple[int, int, int]]:
    """The slices of a snapshot in order: (slice, first household row, last household row)."""
    with pq.ParquetFile(snapshot / "households.parquet") as file:
        parts, firsts, lasts = _by_row_group(file.metadata) or _by_row(file)
    order = np.argsort(firsts, kind="stable")
    parts, firsts, lasts = parts[order], firsts[order], lasts[order]
    starts = np.flatnonzero(np.diff(parts, prepend=-1))
    ends = np.append(starts[1:], len(parts)) - 1
    return [(int(parts[a]), int(firsts[a]), int(lasts[z])) for a, z in zip(starts, ends, strict=True) if len(parts)]


def _by_row_group(metadata: pq.FileMetaData) -> tuple[Array, Array, Array] | None:
    """Slice, first and last household row of each row group, if each holds one slice and the file says so."""
    names, found = metadata.schema.to_arrow_schema().names, []
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        part, row = (group.column(names.index(name)).statistics for name in ("slice", "household_row"))
        if not (part and row and part.has_min_max and row.has_min_max and part.min == part.max):
            return None
        found.append((part.min, row.min, row.max))
    parts, firsts, lasts = np.array(found, np.int64).reshape(-1, 3).T
    return parts, firsts, lasts


def _by_row(file: pq.ParquetFile) -> tuple[Array, Array, Array]:
    table = file.read(columns=["slice", "household_row"], use_threads=False)
    rows = table["household_row"].to_numpy()
    return table["slice"].to_numpy(), rows, rows


def slice_file(out: Path, part: int) -> Path:
    """The results of one slice."""
    return out / f"slice-{part:05d}.parquet"


def write_slice(tables: Iterator[pa.Table], schema: pa.Schema, target: Path) -> None:
    """One file a slice, written as its parts come. Codes are read back as the texts they are."""
    partial = target.with_suffix(f".{os.getpid()}.partial")
    codes = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    with pq.ParquetWriter(
        partial, schema, use_dictionary=codes, store_schema=False, write_statistics=["household_id"],
        compression={name: "none" if name == "household_id" else "lz4" for name in schema.names},
    ) as writer:  # fmt: skip
        for table in tables:
            writer.write_table(table if table.schema == schema else _fitted(table, schema))
    partial.rename(target)


def _fitted(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Of another rendering, or a row with an error that has no other columns."""
    columns = []
    for field in schema:
        if field.name not in table.column_names:
            columns.append(pa.nulls(len(table), field.type))
        elif pa.types.is_dictionary(field.type):
            texts = table[field.name].cast(pa.string()).combine_chunks().dictionary_encode()
            columns.append(texts.cast(field.type))
        else:
            columns.append(table[field.name].cast(field.type))
    return pa.table(columns, schema=schema)


def counted(out: Path, output: str) -> tuple[Counter[str], int]:
    """(rows of all slices by the value of an output, rows with an error)."""
    values, errors = Counter[str](), 0
    for path in sorted(out.glob("slice-*.parquet")):
        with pq.ParquetFile(path, read_dictionary=[output]) as file:
            table = file.read(columns=[output, "error"], use_threads=False)
        errors += len(table) - table["error"].null_count
        for one in pc.value_counts(table[output]).to_pylist():
            values[str(one["values"])] += one["counts"]
    return values, errors


def run_key(rulebook: Rulebook, snapshot: Path, as_of: date, outputs: list[str]) -> str:
    """What must be the same for a slice already there to be kept."""
    stamps = [[p.name, p.stat().st_size, p.stat().st_mtime_ns] for p in sorted(snapshot.glob("*.parquet"))]
    return sha256(json.dumps([rulebook.hash, as_of.isoformat(), outputs, stamps]).encode()).hexdigest()


@contextmanager
def only_run(out: Path, run_key: str) -> Iterator[None]:
    """The folder for one run alone, without the slices of another; a second one waits a little and is refused."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / "run.lock").open("w") as file:
        deadline = time.monotonic() + PATIENCE
        while not _locked(file):
            if time.monotonic() > deadline:
                raise EngineError("screen.folder_taken", folder=str(out))
            time.sleep(0.1)
        _forget_other_run(out, run_key)
        yield


def _locked(file: IO[str]) -> bool:
    """Whether the lock is ours now; it goes with the last process that has the file open."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _forget_other_run(out: Path, run_key: str) -> None:
    mark = out / "run.json"
    if mark.exists() and json.loads(mark.read_text())["key"] == run_key:
        return
    mark.unlink(missing_ok=True)
    for path in [*out.glob("slice-*.parquet"), *out.glob("slice-*.partial")]:
        path.unlink()
    partial = out / "run.json.partial"
    partial.write_text(json.dumps({"key": run_key}))
    partial.rename(mark)
