"""The same rules elsewhere, to be measured beside ours: OpenFisca-core in its own environment, and SQL written by hand.

Both are kept in tests/bench/peers and read the snapshot that we read. OpenFisca is no dependency of Doudi.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from doudi.engine.backends.locked import connect
from doudi.site.places import policy_folder

THREADS = 2


def _root() -> Path:
    return policy_folder().parent


def environment() -> Path:
    """The interpreter with OpenFisca-core, made from the hashed lock where it is not there yet."""
    folder = _root() / "var" / "peers"
    python, mark = folder / "bin" / "python", folder / "ready"
    if not mark.exists():
        lock = str(_root() / "requirements" / "peers.txt")
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock]
        subprocess.run([str(python), *install], check=True)
        mark.touch()
    return python


def openfisca(snapshot: Path, out: Path, day: str, *, exact: bool = False) -> tuple[float, int]:
    """(seconds to read, compute and write; peak MiB). `exact`: amounts in 64 bits instead of OpenFisca's own 32."""
    script = _root() / "tests" / "bench" / "peers" / "openfisca_screen.py"
    command = [str(environment()), str(script), str(snapshot), str(out), day, *(["exact"] if exact else [])]
    said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    return float(said["seconds"]), int(said["peak_mib"])


def by_hand(snapshot: Path, out: Path, day: str, last: int) -> float:
    """Seconds of the statement a person would write for DuckDB, from files to file, for households 0 to `last`."""
    text = (_root() / "tests" / "bench" / "peers" / "by_hand.sql").read_text(encoding="utf-8")
    query = text.format(snapshot=snapshot, day=day, first=0, last=last)
    with connect(None, [snapshot, out.parent], threads=THREADS) as writer:
        started = time.perf_counter()
        writer.execute(f"COPY ({query}) TO '{out}' (FORMAT parquet, COMPRESSION lz4)")
        return time.perf_counter() - started


def compared(ours: Path, theirs: Path) -> int:
    """How many households came out of both, without an error of ours."""
    with connect(None, [ours, theirs.parent], threads=None) as reader:
        rows = f"read_parquet('{ours}/slice-*.parquet') JOIN read_parquet('{theirs}') USING (household_id)"
        return int(reader.execute(f"SELECT count(*) FROM {rows} WHERE error IS NULL").fetchall()[0][0])  # noqa: S608


def different(ours: Path, theirs: Path, columns: list[str], places: int = 10) -> dict[str, int]:
    """How many households differ, by column; amounts are compared at so many decimals."""
    with connect(None, [ours, theirs.parent], threads=None) as reader:
        rows = f"read_parquet('{ours}/slice-*.parquet') AS o JOIN read_parquet('{theirs}') AS t USING (household_id)"
        found = {}
        for name in columns:
            sides = [f'{side}."{name}"' for side in ("o", "t")]
            kind = reader.execute(f'SELECT typeof(o."{name}") FROM {rows} LIMIT 1').fetchall()[0][0]  # noqa: S608
            if kind.startswith("DECIMAL"):
                sides = [f"round({side}::DECIMAL(28,10), {places})" for side in sides]
            query = f"SELECT count(*) FROM {rows} WHERE {sides[0]} IS DISTINCT FROM {sides[1]}"  # noqa: S608
            if number := reader.execute(query).fetchall()[0][0]:
                found[name] = int(number)
        return found
