"""The same rules written once more, for OpenFisca-core and in SQL by hand, give the same results.

OpenFisca has no unknown: it is asked about households of whom every fact is known, the twin's first of all.
DOUDI_PEER_HOUSEHOLDS sets how many. The made-up ones hold combinations of facts that no twin family has.
"""

from __future__ import annotations

import os
from pathlib import Path

from doudi.engine.backends.duckdb import screen
from doudi.site.bench import peers
from doudi.site.bench.population import write_population
from doudi.site.bench.screen import DAY, OUTPUTS, rules
from doudi.site.bench.twin_population import write_twin

HOUSEHOLDS = int(os.environ.get("DOUDI_PEER_HOUSEHOLDS", "20000"))


def test_openfisca_finds_the_same_of_twin_households(tmp_path: Path) -> None:
    write_twin(tmp_path / "in", rules(), households=HOUSEHOLDS, as_of=DAY, slice_size=1_000_000)
    _openfisca_agrees(tmp_path, HOUSEHOLDS)


def test_openfisca_finds_the_same_where_every_fact_is_known(tmp_path: Path) -> None:
    size = HOUSEHOLDS // 4
    write_population(tmp_path / "in", rules(), households=size, as_of=DAY, slice_size=1_000_000, known=True)
    _openfisca_agrees(tmp_path, size)


def _openfisca_agrees(folder: Path, households: int) -> None:
    out, theirs = folder / "out", folder / "openfisca.parquet"
    found = screen(rules(), folder / "in", out, as_of=DAY, outputs=OUTPUTS)
    peers.openfisca(folder / "in", theirs, DAY.isoformat(), exact=True)
    assert found.rows == households and found.errors == 0
    assert {"eligible", "not_eligible", "undetermined"} == set(found.counts)
    assert peers.compared(out, theirs) == households
    assert peers.different(out, theirs, OUTPUTS, places=6) == {}


def test_sql_by_hand_finds_the_same_with_unknown_facts_everywhere(tmp_path: Path) -> None:
    rulebook, snapshot, theirs = rules(), tmp_path / "in", tmp_path / "hand.parquet"
    write_population(snapshot, rulebook, households=HOUSEHOLDS // 4, as_of=DAY, slice_size=1_000_000)
    screen(rulebook, snapshot, tmp_path / "out", as_of=DAY, outputs=OUTPUTS)
    peers.by_hand(snapshot, theirs, DAY.isoformat(), HOUSEHOLDS // 4 - 1)
    assert peers.different(tmp_path / "out", theirs, OUTPUTS) == {}
