"""`doudi bench screen`: a made-up population through the rules of the fictional county, a slice at a time.

A sample of the results is compared cell by cell with the Python rendering, and all of them with SQL written by hand,
before any figure is given. Beside our time stand that SQL, OpenFisca-core, the Python rendering (extrapolated from the
sample) and DuckDB merely reading and grouping the same files; above a million households only their first million.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from doudi.engine import policy
from doudi.engine.backends.duckdb import screen
from doudi.engine.backends.locked import connect
from doudi.engine.case import read_case
from doudi.engine.errors import EngineError
from doudi.engine.rulebook import Rulebook, resolve
from doudi.engine.run import decide, program_for
from doudi.matching.logic.files import SLICE
from doudi.site.bench import peers
from doudi.site.bench.apart import apart, repeated
from doudi.site.bench.made_cases import cases, sampled
from doudi.site.bench.population import write_population
from doudi.site.measure import Measure
from doudi.site.places import policy_folder

PLACE = "990101"
DAY = date(2026, 7, 14)
BASE = 1_000_000
"""The size with peers; whether time grows no faster than the population is told by it."""
SAMPLE = 1_000
WORKERS = 2
"""Processes that a screening works with."""
SIZES = (100_000, 1_000_000)
_CHAIN = "chain__basic_living__"
OUTPUTS = [
    *(_CHAIN + part for part in ("outcome", "programme", "pending", "amount")),
    *("township", "counted_members", "assessed_income", "income_per_head"),
    *("meets_vehicle_test", "meets_housing_test", "meets_business_test", "exceeds_financial_limit"),
]
"""What a list of proposals shows of a household."""


class WrongResult(AssertionError):
    """A figure over wrong results is worth nothing."""


def run(*, households: int | None, home: Path) -> Iterator[Measure]:
    """Households per second and seconds with peak memory, for each size."""
    (home / "bench").mkdir(parents=True, exist_ok=True)
    for size in SIZES if households is None else (households,):
        with tempfile.TemporaryDirectory(prefix="screen-", dir=home / "bench") as folder:
            yield from _measures(size, Path(folder))


def _measures(size: int, folder: Path) -> Iterator[Measure]:
    snapshot, out = folder / "snapshot", folder / "out"
    apart(make, snapshot, size)
    if size > BASE:
        yield from _large(size, snapshot, out)
        return
    seconds, peak = repeated(size, screened, snapshot, out, children=WORKERS)
    apart(verify, snapshot, out)
    yield from _beside(size, seconds, peak, snapshot, out)
    floor, _ = repeated(size, read_and_group, snapshot)
    python, _ = apart(in_python, snapshot, size)
    rate = size / seconds
    yield Measure(
        "screen.households_per_second", round(rate), "households/s", size, peak,
        "python_rendering_extrapolated", round(size / python), round(seconds / python, 4),
    )  # fmt: skip
    yield Measure(
        "screen.seconds", round(seconds, 3), "s", size, peak,
        "duckdb_reads_and_groups_the_files", round(floor, 3), round(seconds / floor, 2),
    )  # fmt: skip


def _beside(size: int, seconds: float, peak: int, snapshot: Path, out: Path) -> Iterator[Measure]:
    """Against OpenFisca-core and against SQL by hand: the same files, the same columns."""
    day, hand = DAY.isoformat(), snapshot.parent / "hand.parquet"
    by_hand, _ = repeated(size, peers.by_hand, snapshot, hand, day, size - 1)
    if wrong := peers.different(out, hand, OUTPUTS):
        raise WrongResult(f"SQL by hand differs: {wrong}")
    peers.environment()
    fisca, _ = repeated(size, openfisca_seconds, snapshot, snapshot.parent / "openfisca.parquet")
    whole, whole_peak = repeated(size, screened, snapshot, snapshot.parent / "whole", True, children=WORKERS)
    yield Measure(
        "screen.against_openfisca", round(seconds, 3), "s", size, peak,
        "openfisca_core_reads_computes_writes", round(fisca, 3), round(seconds / fisca, 3),
    )  # fmt: skip
    yield Measure(
        "screen.against_sql_by_hand", round(seconds, 3), "s", size, peak,
        "duckdb_sql_by_hand", round(by_hand, 3), round(seconds / by_hand, 3),
    )  # fmt: skip
    yield Measure(
        "screen.all_programmes", round(whole, 3), "s", size, whole_peak,
        "the_chain_alone", round(seconds, 3), round(whole / seconds, 3),
    )  # fmt: skip


def _large(size: int, snapshot: Path, out: Path) -> Iterator[Measure]:
    """Whether time grows no faster than the population: against a million, taken as often as it fits."""
    apart(make, snapshot.parent / "million", BASE)
    first, _ = repeated(size, screened, snapshot.parent / "million", snapshot.parent / "first")
    seconds, peak = apart(screened, snapshot, out, children=WORKERS)
    apart(verify, snapshot, out)
    even = first * size / BASE
    yield Measure(
        "screen.seconds", round(seconds, 3), "s", size, peak,
        "a_million_times_as_many", round(even, 3), round(seconds / even, 3),
    )  # fmt: skip


def openfisca_seconds(snapshot: Path, out: Path) -> float:
    """Seconds of OpenFisca-core, from files to file."""
    return peers.openfisca(snapshot, out, DAY.isoformat())[0]


def rules() -> Rulebook:
    """The rulebook of the fictional county."""
    return resolve(policy.load(policy_folder()), PLACE)


def make(snapshot: Path, size: int) -> int:
    """Write the population; returns the number of persons."""
    return write_population(snapshot, rules(), households=size, as_of=DAY, slice_size=SLICE)


def screened(snapshot: Path, out: Path, all_programmes: bool = False) -> float:
    """Seconds of one screening from nothing; of the chain, or with outcome and amount of every programme."""
    rulebook = rules()
    more = [f"{name}__{part}" for name in rulebook.programmes for part in ("outcome", "amount")]
    for old in out.glob("*"):
        if old.is_file():
            old.unlink()
    started = time.perf_counter()
    screen(
        rulebook, snapshot, out, as_of=DAY, outputs=OUTPUTS + more * all_programmes, memory_limit="1GB", processes=True
    )
    return time.perf_counter() - started


def verify(snapshot: Path, out: Path) -> int:
    """Compare a sample with the Python rendering, every cell; returns how many households. Raises WrongResult."""
    rulebook = rules()
    chosen = cases(snapshot, rulebook, DAY, sampled(snapshot, SAMPLE))
    names = ", ".join(f'"{name}"' for name in OUTPUTS)
    with connect(None, [out], threads=None) as reader:
        where = "household_id IN (SELECT unnest(?::VARCHAR[]))"
        query = f"SELECT household_id, error, {names} FROM read_parquet(?) WHERE {where}"  # noqa: S608
        rows = reader.execute(query, [str(out / "slice-*.parquet"), list(chosen)]).fetchall()
    if sorted(row[0] for row in rows) != sorted(chosen):
        raise WrongResult(f"{len(rows)} of {len(chosen)} sampled households came out")
    for household, error, *values in rows:
        expected = _in_python(rulebook, chosen[household])
        got = None if error is not None else [_plain(value) for value in values]
        if got != expected:
            raise WrongResult(f"household {household}: SQL {got}, Python {expected}")
    return len(rows)


def _in_python(rulebook: Rulebook, data: dict[str, Any]) -> list[Any] | None:
    """The same outputs by `decide`; None where it is an error."""
    case = read_case(data, rulebook)
    try:
        proposal = decide(rulebook, case, explain=False)
    except EngineError:
        return None
    program = program_for(rulebook, case.as_of)
    first = [
        proposal.outcome,
        proposal.programme or str(program.value(case.household, f"{_CHAIN}programme")),
        proposal.pending or "none",
        proposal.amount,
    ]
    rest = [proposal.values[f"household.{name}", proposal.household] for name in OUTPUTS[4:]]
    return [_plain(value) for value in (*first, *rest)]


def _plain(value: Any) -> Any:
    return Decimal(value).normalize() if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value


def in_python(snapshot: Path, size: int) -> float:
    """Seconds the Python rendering would take for all, from a sample already in memory as CASE.json data."""
    rulebook = rules()
    chosen = list(cases(snapshot, rulebook, DAY, sampled(snapshot, SAMPLE)).values())
    program = program_for(rulebook, DAY)
    for data in chosen[:20]:
        _values(rulebook, data, program)
    started = time.perf_counter()
    for data in chosen:
        _values(rulebook, data, program)
    return (time.perf_counter() - started) / len(chosen) * size


def _values(rulebook: Rulebook, data: dict[str, Any], program: Any) -> None:
    household = read_case(data, rulebook).household
    for name in OUTPUTS:
        program.value(household, name)


def read_and_group(snapshot: Path) -> float:
    """Seconds DuckDB needs to read every column of the same files and group them by household."""
    with connect(None, [snapshot], threads=2) as reader:
        started = time.perf_counter()
        for path in sorted(snapshot.glob("*.parquet")):
            grouped = (
                "SELECT household_id, max(COLUMNS(* EXCLUDE household_id)) FROM read_parquet(?) GROUP BY household_id"
            )
            reader.execute(f"SELECT count(*) FROM ({grouped})", [str(path)]).fetchall()  # noqa: S608
        return time.perf_counter() - started
