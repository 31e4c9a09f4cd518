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

from doudi.engine.backends.duckdb import Progress, screen
from doudi.engine.backends.locked import connect
from doudi.engine.backends.slices import slices_of
from doudi.engine.errors import EngineError
from doudi.engine.quantities import Rulebook
from doudi.engine.side_by_side import side_by_side, with_figures_of
from doudi.engine.simulate_columns import Standing, lacks_figure, measured, programmes_of, standing
from doudi.engine.simulate_pairs import Pairs
from doudi.engine.simulate_tally import Tally
from doudi.engine.simulation import Simulation

__all__ = ["Simulation", "households_of", "one_side", "simulate"]


def simulate(
    before: Rulebook,
    after: Rulebook,
    snapshot: Path,
    out: Path,
    *,
    as_of: date,
    programmes: Sequence[str] | None = None,
    figures_on: date | None = None,
    memory_limit: str = "4GB",
    threads: int = 2,
    processes: bool = False,
    progress: Progress | None = None,
) -> Simulation:
    """Compare two rulebooks of one place over a snapshot, as of a day.

    `programmes`: those compared; by default those of chains and those the reform touches, of which the line of all
    takes together the chains' (what is tied to a recognition stands in lines of its own). `out` keeps the slices, so
    that a broken run goes on where it stopped, and the results household by household. `figures_on`: take the figures
    in force on that day instead (a reform that begins later, on the data there are).
    """
    started = time.perf_counter()
    if figures_on is not None:
        before, after = with_figures_of(before, figures_on), with_figures_of(after, figures_on)
    prepared = _prepared(before, after, programmes, as_of)
    if progress is not None:
        progress(0, len(slices_of(snapshot)))
    screened = screen(
        prepared.rulebook,
        snapshot,
        out,
        as_of=as_of,
        outputs=prepared.pairs.outputs,
        memory_limit=memory_limit,
        threads=threads,
        processes=processes,
        progress=progress,
    )
    with connect(memory_limit, [out]) as connection:
        tally = Tally(connection, prepared.pairs, before, after, out, threads)
        return tally.simulation(
            as_of=as_of, errors=screened.errors, left_out=prepared.left_out, differing=prepared.differing,
            started=started,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Prepared:
    rulebook: Rulebook
    pairs: Pairs
    left_out: tuple[str, ...]
    differing: tuple[str, ...]


def _prepared(before: Rulebook, after: Rulebook, wanted: Sequence[str] | None, as_of: date) -> _Prepared:
    both = side_by_side(before, after)
    asked = programmes_of(before, after, both, wanted)
    left_out = tuple(n for n in asked if any(lacks_figure(book, n, as_of) for book in (before, after)))
    names = [name for name in asked if name not in left_out]
    if not names:
        raise EngineError("simulate.nothing_set", place=before.place or "nation", on=as_of.isoformat())
    both, columns, groups = measured(both, before)
    firsts = {name: standing(before, both, name, second=False) for name in names}
    seconds = {name: standing(after, both, name, second=True) for name in names}
    chained = {name for book in (before, after) for chain in book.chains.values() for name in chain.programmes}
    pairs = Pairs(
        firsts,
        seconds,
        tuple(columns),
        tuple(groups),
        tuple(n for n in names if n in chained),
        _counted(wanted, names, chained, firsts, seconds),
    )
    return _Prepared(both.rulebook, pairs, left_out, both.changed)


def _counted(
    wanted: Sequence[str] | None,
    names: list[str],
    chained: set[str],
    firsts: dict[str, Standing],
    seconds: dict[str, Standing],
) -> tuple[str, ...]:
    """What the line of all takes together: what was wanted; else the chains; where no chain is touched, the rest."""
    if wanted is not None or not any(firsts[n] != seconds[n] for n in names if n in chained):
        return tuple(names)
    return tuple(n for n in names if n in chained)


def one_side(before: Rulebook, after: Rulebook, *, as_of: date) -> list[str]:
    """The household quantities that a simulation reads of the rulebook as it is."""
    pairs = _prepared(before, after, None, as_of).pairs
    names = [name for side in pairs.firsts.values() for name in side.names] + list(pairs.measures)
    return [name for name in dict.fromkeys(names) if f"household.{name}" in before.quantities]


def households_of(
    before: Rulebook, after: Rulebook, out: Path, target: Path, *, as_of: date, programmes: Sequence[str] | None = None
) -> int:
    """Before and after of every household of a finished simulation in `out`, as .parquet or .csv; returns how many."""
    pairs = _prepared(before, after, programmes, as_of).pairs
    target.parent.mkdir(parents=True, exist_ok=True)
    with connect("2GB", [out, target.parent]) as connection:
        connection.execute(pairs.view(out))
        ((written,),) = connection.execute(pairs.copied(target)).fetchall()
        return int(written)
