"""The made-up population is a snapshot like any other: the same columns, sorted, the same from the same seed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from doudi.engine.case import read_case
from doudi.engine.rulebook import Rulebook
from doudi.engine.run import decide
from doudi.matching.logic.tables import household_table, person_table
from doudi.matching.logic.wanted import given_facts
from doudi.site.bench.made_cases import cases, sampled
from doudi.site.bench.population import write_population
from doudi.site.bench.screen import rules

DAY = date(2026, 7, 14)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return rules()


@pytest.fixture(scope="module")
def snapshot(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("population")
    write_population(folder, rulebook, households=150, as_of=DAY, slice_size=50)
    return folder


def test_it_has_the_columns_of_a_snapshot(rulebook: Rulebook, snapshot: Path) -> None:
    facts = given_facts(rulebook)
    assert pq.read_schema(snapshot / "households.parquet") == household_table([], facts, []).schema
    why = {record: [] for record in rulebook.records}
    people = person_table([], facts, why).schema
    assert pq.read_schema(snapshot / "persons.parquet") == people
    for record in rulebook.records.values():
        names = pq.read_schema(snapshot / f"{record.name}.parquet").names
        keys = ["household_id", "person_id", "household_row", "person_row"]
        assert names == [*keys, *record.columns, "_row", "_delivery", "slice"]


def test_it_is_sorted_by_household_and_cut_into_slices(snapshot: Path) -> None:
    for path in snapshot.glob("*.parquet"):
        table = pq.read_table(path, columns=["household_id", "slice"])
        ids, slices = table["household_id"].to_pylist(), table["slice"].to_pylist()
        assert ids == sorted(ids)
        assert slices == sorted(slices)
    assert set(pq.read_table(snapshot / "households.parquet")["slice"].to_pylist()) == {0, 1, 2}


def test_the_same_seed_makes_the_same_people(rulebook: Rulebook, snapshot: Path, tmp_path: Path) -> None:
    write_population(tmp_path, rulebook, households=150, as_of=DAY, slice_size=50)
    for path in snapshot.glob("*.parquet"):
        assert pq.read_table(path) == pq.read_table(tmp_path / path.name)


def test_its_households_are_cases_and_come_out_in_every_way(rulebook: Rulebook, snapshot: Path) -> None:
    found = cases(snapshot, rulebook, DAY, sampled(snapshot, 150))
    assert len(found) == 150
    outcomes = {decide(rulebook, read_case(data, rulebook), explain=False).outcome for data in found.values()}
    assert outcomes == {"eligible", "not_eligible", "undetermined"}
