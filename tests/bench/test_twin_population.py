"""The twin as a population: a snapshot like any other, in which nothing is unknown and the twin's truth stands."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from doudi.matching.logic.wanted import given_facts
from doudi.site.bench.population import write_population
from doudi.site.bench.screen import DAY, rules
from doudi.site.bench.twin_population import EDGES, counties, on_edges, write_twin
from doudi.twin.county import make_county
from doudi.twin.edges import BIRTHDAYS
from doudi.twin.plan import Plan, age_on, days

SEED, HOUSEHOLDS = 5, 300


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("twin")
    write_twin(folder, rules(), households=HOUSEHOLDS, as_of=DAY, slice_size=100, seed=SEED)
    return folder


def test_it_has_the_files_and_columns_of_the_made_up_population(snapshot: Path, tmp_path: Path) -> None:
    write_population(tmp_path, rules(), households=20, as_of=DAY, slice_size=100)
    assert {path.name for path in snapshot.iterdir()} == {path.name for path in tmp_path.iterdir()}
    for path in tmp_path.glob("*.parquet"):
        assert pq.read_schema(snapshot / path.name) == pq.read_schema(path), path.name


def test_no_fact_and_no_cell_is_unknown(snapshot: Path) -> None:
    for path in snapshot.glob("*.parquet"):
        table = pq.read_table(path)
        for name in table.column_names:
            expected = table.num_rows if name.endswith("__why") else 0
            assert table[name].null_count == expected, f"{path.name} {name}"
    assert all(f"{name}__why" in pq.read_schema(snapshot / f"{entity}s.parquet").names
               for entity, name in given_facts(rules()))  # fmt: skip


def test_it_is_sorted_by_household_and_cut_into_slices(snapshot: Path) -> None:
    for path in snapshot.glob("*.parquet"):
        rows = pq.read_table(path, columns=["household_row", "slice"])
        assert rows["household_row"].to_pylist() == sorted(rows["household_row"].to_pylist())
        assert rows["slice"].to_pylist() == [row // 100 for row in rows["household_row"].to_pylist()]


def test_its_people_and_their_money_are_the_twins(snapshot: Path) -> None:
    county = on_edges(make_county(Plan(SEED, HOUSEHOLDS, dirt=0, pack=True)), days(DAY))
    people = pq.read_table(snapshot / "persons.parquet")
    assert people["born_on"].cast("int32").to_pylist() == county.families.born.tolist()
    sums = "SELECT sum(amount) * 100 FROM read_parquet(?) WHERE person_row = ?"
    wages = county.work.wages.group_by("person").aggregate([("cents", "sum")]).slice(0, 40)
    with duckdb.connect() as reader:
        for person, cents in zip(wages["person"].to_pylist(), wages["cents_sum"].to_pylist(), strict=True):
            assert reader.execute(sums, [str(snapshot / "wage.parquet"), person]).fetchall() == [(cents,)]
    total = pc.sum(pq.read_table(snapshot / "property.parquet")["floor_area"]).as_py()
    assert total * 100 == pc.sum(county.belongings.property["area"]).as_py()


def test_birthdays_that_change_an_age_group_fall_on_the_day_and_on_the_day_after() -> None:
    born = on_edges(make_county(Plan(2, HOUSEHOLDS, dirt=0, pack=True)), days(DAY)).families.born
    for day in (days(DAY), days(DAY) + 1):
        reached = (age_on(born, day) > age_on(born, day - 1)) & np.isin(age_on(born, day), BIRTHDAYS)
        assert reached.any()


def test_a_population_is_made_county_by_county() -> None:
    assert counties(60) == [60]
    assert counties(2 * EDGES - 1) == [2 * EDGES - 1]
    assert sum(counties(1_000_000)) == 1_000_000 and max(counties(1_000_000)) <= 100_000
    assert sum(counties(345_678)) == 345_678
