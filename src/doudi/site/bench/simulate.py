"""`doudi bench simulate`: a reform over a made-up population, beside one screening of the same columns.

The reform is the shipped one that raises the basic living line by five in a hundred. A simulation works out both sides
and counts; its peer works out one side and writes it.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from doudi.engine import policy
from doudi.engine.backends.duckdb import screen
from doudi.engine.reform import read_reform, reformed
from doudi.engine.rulebook import Rulebook, resolve
from doudi.engine.simulate import one_side, simulate
from doudi.site.bench.apart import apart, repeated
from doudi.site.bench.screen import DAY, PLACE, WORKERS, make
from doudi.site.measure import Measure
from doudi.site.places import policy_folder

HOUSEHOLDS = 1_000_000
REFORM = "line_up_5.yaml"
MEMORY = "1GB"


def run(*, households: int | None, home: Path) -> Iterator[Measure]:
    """Seconds of both, from the files of the snapshot to what is told."""
    size = households or HOUSEHOLDS
    (home / "bench").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="simulate-", dir=home / "bench") as folder:
        snapshot = Path(folder) / "snapshot"
        apart(make, snapshot, size)
        seconds, peak = repeated(size, simulated, snapshot, children=WORKERS)
        once, _ = repeated(size, screened_once, snapshot)
        yield Measure(
            "simulate.seconds", round(seconds, 3), "s", size, peak,
            "one_screening_of_the_same_columns", round(once, 3), round(seconds / once, 3),
        )  # fmt: skip


def sides() -> tuple[Rulebook, Rulebook]:
    """The rulebook of the fictional county, and with the reform."""
    current = policy.load(policy_folder())
    change = read_reform(policy_folder().parent / "reforms" / REFORM, current)
    return resolve(current, PLACE), resolve(reformed(current, change), PLACE)


def simulated(snapshot: Path) -> float:
    """Seconds of a simulation from nothing."""
    before, after = sides()
    with tempfile.TemporaryDirectory(dir=snapshot.parent) as out:
        started = time.perf_counter()
        simulate(before, after, snapshot, Path(out), as_of=DAY, memory_limit=MEMORY, processes=True)
        return time.perf_counter() - started


def screened_once(snapshot: Path) -> float:
    """Seconds of a screening of what a simulation reads of the first side."""
    before, after = sides()
    outputs = one_side(before, after, as_of=DAY)
    with tempfile.TemporaryDirectory(dir=snapshot.parent) as out:
        started = time.perf_counter()
        screen(before, snapshot, Path(out), as_of=DAY, outputs=outputs, memory_limit=MEMORY, processes=True)
        return time.perf_counter() - started
