"""A made-up population as a snapshot, for benchmarks: the files `matching.actions.make_snapshot` writes.

Shares and amounts are plausible for a poor county (wages in 4 of 10 adults, pensions in 9 of 10 over 60), a fifth of
the families have not signed, and every column has unknown cells. Nobody in it exists.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import numpy as np

from doudi.engine.rulebook import Rulebook
from doudi.matching.logic.files import SnapshotFile
from doudi.site.bench.chunk import Chunk

CHUNK = 100_000
"""Households made at a time: the memory of the generator does not grow with the population."""


def write_population(
    folder: Path,
    rulebook: Rulebook,
    *,
    households: int,
    as_of: date,
    slice_size: int,
    seed: int = 20260714,
    known: bool = False,
) -> int:
    """Write a snapshot of so many households into `folder`; returns the number of persons.

    `known`: no fact is unknown and no two rows disagree.
    """
    step = min(CHUNK, slice_size)
    counts = [min(step, households - first) for first in range(0, households, step)]

    def made(start: tuple[int, int], count: int) -> Chunk:
        rng = np.random.default_rng([seed, start[0]])
        return Chunk(rulebook, rng, as_of, start, count, slice_size, known)

    return write_chunks(folder, rulebook, as_of, counts, made)


def write_chunks(
    folder: Path,
    rulebook: Rulebook,
    as_of: date,
    counts: Iterable[int],
    made: Callable[[tuple[int, int], int], Chunk],
) -> int:
    """Write chunks of so many households one after another; returns the number of persons.

    `made`: a chunk from how many households and persons were made before, and how many households it has.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, SnapshotFile] = {}
    households = persons = 0
    for count in counts:
        chunk = made((households, persons), count)
        for name, table in chunk.tables():
            if name not in files:
                files[name] = SnapshotFile(folder / f"{name}.parquet", table.schema)
            files[name].add(table)
        households, persons = households + count, persons + chunk.persons
    for file in files.values():
        file.close()
    meta = {"as_of": as_of.isoformat(), "place": rulebook.place, "households": households, "persons": persons}
    (folder / "meta.json").write_text(json.dumps(meta, sort_keys=True), encoding="utf-8")
    return persons
