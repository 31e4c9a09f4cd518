"""`doudi bench decide`: milliseconds for one case, over made-up cases, as the counter meets them.

Four ways: all values of the rulebook for a case already read; read and decide; read, decide and explain (every step in
both languages); the same as canonical bytes, with all values. Beside them stands the mere reading of the same case's
JSON text.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from doudi.engine.case import read_case
from doudi.engine.errors import EngineError
from doudi.engine.replay import proposal_bytes
from doudi.engine.rulebook import Rulebook
from doudi.engine.run import decide, program_for
from doudi.engine.subject import Case
from doudi.site.bench.apart import apart, percentile
from doudi.site.bench.made_cases import cases, sampled
from doudi.site.bench.population import write_population
from doudi.site.bench.screen import DAY, rules
from doudi.site.measure import Measure

CASES = 2_000
WARM = 50
"""Cases before the clock starts: a rulebook is compiled with its first case of a day."""
WAYS = ("values", "decide", "explain", "bytes")


def run(*, households: int | None, home: Path) -> Iterator[Measure]:
    """Median and 95th percentile of each way."""
    (home / "bench").mkdir(parents=True, exist_ok=True)
    count = households or CASES
    with tempfile.TemporaryDirectory(prefix="decide-", dir=home / "bench") as folder:
        apart(make, Path(folder), count)
        floor, _ = apart(measured, Path(folder), "json")
        for way in WAYS:
            times, peak = apart(measured, Path(folder), way)
            for name, share in (("median", 0.5), ("p95", 0.95)):
                ours, peer = percentile(times, share), percentile(floor, share)
                yield Measure(
                    f"decide.{way}.{name}", round(ours, 4), "ms", count, peak,
                    "json_loads_of_the_case", round(peer, 4), round(ours / peer, 2),
                )  # fmt: skip


def make(folder: Path, count: int) -> None:
    """Write so many cases, one JSON text a line."""
    rulebook, snapshot = rules(), folder / "snapshot"
    write_population(snapshot, rulebook, households=count, as_of=DAY, slice_size=count)
    found = cases(snapshot, rulebook, DAY, sampled(snapshot, count))
    lines = "".join(json.dumps(data, ensure_ascii=False) + "\n" for data in found.values())
    (folder / "cases.jsonl").write_text(lines, encoding="utf-8")


def measured(folder: Path, way: str) -> list[float]:
    """Milliseconds of each case."""
    rulebook = rules()
    texts = (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    work = _WAYS[way]
    for text in texts[:WARM]:
        work(rulebook, _prepared(way, rulebook, text))
    times = []
    for text in texts:
        given = _prepared(way, rulebook, text)
        started = time.perf_counter()
        work(rulebook, given)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _prepared(way: str, rulebook: Rulebook, text: str) -> Any:
    """Outside the clock: nothing for the text itself, its data for a decision, the case read for values alone."""
    if way == "json":
        return text
    return read_case(json.loads(text), rulebook) if way == "values" else json.loads(text)


def _all_values(rulebook: Rulebook, case: Case) -> None:
    program, household = program_for(rulebook, case.as_of), case.household
    for quantity in rulebook.quantities.values():
        if quantity.entity == "household":
            _value(program, household, quantity.name)
        elif quantity.entity == "person":
            for person in household.persons:
                _value(program, person, quantity.name)


def _value(program: Any, subject: Any, name: str) -> None:
    try:
        program.value(subject, name)
    except EngineError:
        return


_WAYS: dict[str, Callable[[Rulebook, Any], object]] = {
    "json": lambda rulebook, text: json.loads(text),
    "values": _all_values,
    "decide": lambda rulebook, data: decide(rulebook, read_case(data, rulebook), explain=False),
    "explain": lambda rulebook, data: decide(rulebook, read_case(data, rulebook), explain=True),
    "bytes": lambda rulebook, data: proposal_bytes(decide(rulebook, read_case(data, rulebook), explain=True)),
}
