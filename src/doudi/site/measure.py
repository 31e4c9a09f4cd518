"""One benchmark figure, as printed and kept: JSON lines in HOME/bench/NAME.jsonl."""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measure:
    """`ratio` is ours ÷ peer in time: below 1 is faster. Peer fields are None where there is no peer."""

    name: str
    value: float
    unit: str
    rows: int
    peak_mib: int
    peer: str | None = None
    peer_value: float | None = None
    ratio: float | None = None

    def line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def peak_mib() -> int:
    """The largest memory this process or a waited-for child has used so far, MiB."""
    kilo = 1024 if sys.platform == "darwin" else 1
    used = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return int(used / kilo / 1024)


def keep(measure: Measure, bench: str, home: Path) -> None:
    """Appends the figure to HOME/bench/NAME.jsonl."""
    folder = home / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{bench}.jsonl").open("a", encoding="utf-8") as file:
        file.write(measure.line() + "\n")
