"""What a reform would do: both rulebooks over one snapshot in one screening, then counted by DuckDB.

The screening is `backends.duckdb.screen` of a rulebook that holds both (`side_by_side`): in slices, resumable, in
bounded memory. Counting is in `simulate_tally`. Undetermined households are a line of their own everywhere.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from doudi.engine.backends.duckdb import Progress, connect, screen
from doudi.engine.quantities import Rulebook
from doudi.engine.side_by_side import side_by_side
from doudi.engine.simulate_columns import measured, programmes_of, standing
from doudi.engine.simulate_pairs import Pairs
from doudi.engine.simulate_tally import Tally
from doudi.engine.simulation import Simulation

__all__ = ["Simulation", "households_of", "simulate"]


def simulate(
    before: Rulebook,
    after: Rulebook,
    snapshot: Path,
    out: Path,
    *,
    as_of: date,
    programmes: Sequence[str] | None = None,
    memory_limit: str = "4GB",
    threads: int = 2,
    progress: Progress | None = None,
) -> Simulation:
    """Compare two rulebooks of one place over a snapshot, as of a day.

    `programmes`: those compared; by default those of chains and those the reform touches. `out` keeps the slices, so
    that a broken run goes on where it stopped, and the results household by household.
    """
    started = time.perf_counter()
    prepared = _prepared(before, after, programmes)
    screened = screen(
        prepared.rulebook,
        snapshot,
        out,
        as_of=as_of,
        outputs=prepared.pairs.outputs,
        memory_limit=memory_limit,
        threads=threads,
        progress=progress,
    )
    with connect(memory_limit, [out]) as connection:
        connection.execute(prepared.pairs.view(out))
        tally = Tally(connection, prepared.pairs, before, after)
        return tally.simulation(as_of=as_of, errors=screened.errors, differing=prepared.differing, started=started)


@dataclass(frozen=True, slots=True)
class _Prepared:
    rulebook: Rulebook
    pairs: Pairs
    differing: tuple[str, ...]


def _prepared(before: Rulebook, after: Rulebook, wanted: Sequence[str] | None) -> _Prepared:
    both = side_by_side(before, after)
    names = programmes_of(before, after, both, wanted)
    both, columns, groups = measured(both, before)
    firsts = {name: standing(before, both, name, second=False) for name in names}
    seconds = {name: standing(after, both, name, second=True) for name in names}
    chained = {name for rulebook in (before, after) for c in rulebook.chains.values() for name in c.programmes}
    pairs = Pairs(firsts, seconds, tuple(columns), tuple(groups), tuple(name for name in names if name in chained))
    return _Prepared(both.rulebook, pairs, both.changed)


def households_of(before: Rulebook, after: Rulebook, out: Path, target: Path, programmes: Sequence[str] | None) -> int:
    """Before and after of every household of a finished simulation in `out`, as .parquet or .csv; returns how many."""
    pairs = _prepared(before, after, programmes).pairs
    target.parent.mkdir(parents=True, exist_ok=True)
    with connect("2GB", [out, target.parent]) as connection:
        connection.execute(pairs.view(out))
        ((written,),) = connection.execute(pairs.copied(target)).fetchall()
        return int(written)
