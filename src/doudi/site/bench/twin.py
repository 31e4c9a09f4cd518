"""`doudi bench twin`: OpenFisca-core and we on the same twin households of whom every fact is known.

All results must be equal before the figure is given. Only here, in what this module imports, and in the command `doudi
twin` is the twin known outside itself; nothing of it is imported before the command runs.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from doudi.matching.logic.files import SLICE
from doudi.site.bench import peers
from doudi.site.bench.apart import apart
from doudi.site.bench.screen import DAY, OUTPUTS, WrongResult, rules, screened
from doudi.site.bench.twin_population import write_twin
from doudi.site.measure import Measure

SIZE = 1_000_000


def run(*, households: int | None, home: Path) -> Iterator[Measure]:
    """Seconds of both, once the results agree."""
    size = households or SIZE
    (home / "bench").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="twin-", dir=home / "bench") as folder:
        snapshot, out, theirs = (Path(folder) / name for name in ("snapshot", "out", "openfisca.parquet"))
        apart(make, snapshot, size)
        seconds, peak = apart(screened, snapshot, out)
        fisca, _ = peers.openfisca(snapshot, theirs, DAY.isoformat(), exact=True)
        verify(out, theirs, size)
        yield Measure(
            "twin.against_openfisca", round(seconds, 3), "s", size, peak,
            "openfisca_core_reads_computes_writes", round(fisca, 3), round(seconds / fisca, 3),
        )  # fmt: skip


def make(snapshot: Path, size: int) -> int:
    """Write the population; returns the number of persons."""
    return write_twin(snapshot, rules(), households=size, as_of=DAY, slice_size=SLICE)


def verify(out: Path, theirs: Path, size: int) -> None:
    """Every output of every household; raises WrongResult."""
    found = peers.compared(out, theirs)
    if found != size:
        raise WrongResult(f"{found} of {size} households came out of both")
    if wrong := peers.different(out, theirs, OUTPUTS, places=6):
        raise WrongResult(f"OpenFisca differs: {wrong}")
