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


def peak_mib(children: int = 1) -> int:
    """An upper bound of the memory used so far, MiB: this process and so many children as large as its largest.

    What parent and children share is counted in each.
    """
    kilo = 1024 if sys.platform == "darwin" else 1
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    own = _high_water() or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int((own + children * largest) / kilo / 1024)


def _high_water() -> int | None:
    """VmHWM in KiB, where Linux tells it: ru_maxrss of a started program begins with the memory of its starter."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), None)


def keep(measure: Measure, bench: str, home: Path) -> None:
    """Appends the figure to HOME/bench/NAME.jsonl."""
    folder = home / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{bench}.jsonl").open("a", encoding="utf-8") as file:
        file.write(measure.line() + "\n")
