"""`doudi bench load`: rows a second from a department's file to the lake, through `receive_file` like any delivery.

Copying, opening in a child process, reading, checking, keying, writing and swapping in are all inside the clock; the
house is a throw-away one with its own cluster and keys. Beside it stands the mere reading of the same file.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import pyarrow.csv as pa_csv
import python_calamine

from doudi.site.bench.apart import RUNS, SMALL, apart, own_house, repeated
from doudi.site.bench.deliveries import write_csv, write_xlsx
from doudi.site.measure import Measure

SIZES = (("csv", 200_000), ("csv", 1_000_000), ("xlsx", 200_000))
AT = datetime(2026, 7, 14, 2, 0, tzinfo=UTC)
_FILES = {"csv": "yibao_jiesuan-{n}.csv", "xlsx": "gongan_cheliang-{n}.xlsx"}
_WRITERS: dict[str, Callable[[Path, int, int], None]] = {"csv": write_csv, "xlsx": write_xlsx}


class NotTaken(AssertionError):
    """The delivery did not arrive as it should have; a figure about it is worth nothing."""


def run(*, households: int | None, home: Path) -> Iterator[Measure]:
    """Rows per second with peak memory, for each kind and size of file; `households` is taken as the number of rows."""
    (home / "bench").mkdir(parents=True, exist_ok=True)
    sizes = SIZES if households is None else (("csv", households), ("xlsx", households))
    with tempfile.TemporaryDirectory(prefix="load-", dir=home / "bench") as folder:
        for kind, rows in sizes:
            yield _measure(kind, rows, Path(folder))


def _measure(kind: str, rows: int, folder: Path) -> Measure:
    runs = RUNS if rows >= SMALL else 1
    files = [folder / _FILES[kind].format(n=f"{rows}-{number}") for number in range(runs)]
    for number, file in enumerate(files):
        apart(_WRITERS[kind], file, rows, number)
    times, peak = apart(received, folder / "house", files, rows)
    seconds, (floor, _) = median(times), repeated(rows, raw, files[0])
    for file in files:
        file.unlink()
    peer = "pyarrow_csv_read" if kind == "csv" else "calamine_read"
    return Measure(
        f"load.{kind}.rows_per_second", round(rows / seconds), "rows/s", rows, peak,
        peer, round(rows / floor), round(seconds / floor, 2),
    )  # fmt: skip


def received(house: Path, files: list[Path], rows: int) -> list[float]:
    """Seconds of each file's way into the lake of a house of its own, whatever database the user has."""
    own_house(house)
    from doudi.core.vault import create_keys
    from doudi.site.django_setup import opened

    if not (house / "keys").exists():
        create_keys(house / "keys")
    with opened():
        return [_received(file, rows) for file in files]


def _received(file: Path, rows: int) -> float:
    from doudi.core.actor import Actor
    from doudi.sources.actions import receive_file

    started = time.perf_counter()
    delivery = receive_file(actor=Actor.system(), at=AT, path=file)
    seconds = time.perf_counter() - started
    if delivery.state != "accepted" or delivery.rows != rows or delivery.accepted < rows - rows // 1000 - 1:
        raise NotTaken(f"{file.name}: {delivery.state}, {delivery.accepted} of {rows} rows, {delivery.problem}")
    return seconds


def raw(file: Path) -> float:
    """Seconds of reading the file's cells and nothing else."""
    started = time.perf_counter()
    if file.suffix == ".csv":
        pa_csv.read_csv(file)
    else:
        python_calamine.CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    return time.perf_counter() - started
