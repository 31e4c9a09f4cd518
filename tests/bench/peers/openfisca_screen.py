"""Screens a snapshot with OpenFisca-core and writes the columns that `doudi screen` writes: SNAPSHOT OUT DAY [exact].

Runs in an environment of its own (requirements/peers.txt). Prints one JSON line: seconds to read, compute and write,
and peak MiB.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from openfisca_core.simulations import Simulation
from openfisca_rules import system
from openfisca_tables import Array, tables

PROGRAMMES = pa.array(["none", "tekun", "dibao", "dibao_edge", "rigid_expenditure", "undetermined"])
OUTCOMES = pa.array(["not_eligible", "eligible", "eligible", "eligible", "eligible", "undetermined"])
PREFIX = "chain__basic_living__"
FLAGS = ("meets_vehicle_test", "meets_housing_test", "meets_business_test", "exceeds_financial_limit")


def simulation(day: date, exact: bool, persons: dict[str, Array], households: dict[str, Array]) -> Simulation:
    """A simulation with everything given put in."""
    rules = system(day, exact)
    populations = rules.instantiate_entities()
    owner = persons.pop("household")
    populations["person"].count = len(owner)
    populations["person"].ids = range(len(owner))
    group = populations["household"]
    group.count, group.ids, group.members_entity_id = len(households["head_row"]), None, owner
    made = Simulation(rules, populations)
    for name, values in (persons | households).items():
        made.set_input(name, f"{day:%Y-%m}", values)
    return made


def results(made: Simulation, day: date, folder: Path) -> pa.Table:
    """The output columns; what does not apply to a household of nobody is empty."""

    def found(name: str) -> Array:
        return made.calculate(name, f"{day:%Y-%m}")

    given = pq.read_table(folder / "households.parquet", columns=["household_id", "area"])
    programme = pa.array(found("chain_programme"))
    amount, nobody = found("chain_amount"), found("counted_members") == 0
    columns = {
        "household_id": given["household_id"],
        "area": given["area"],
        f"{PREFIX}outcome": OUTCOMES.take(programme),
        f"{PREFIX}programme": PROGRAMMES.take(programme),
        f"{PREFIX}pending": pa.array(["none"]).take(pa.array(np.zeros(len(amount), np.int8))),
        f"{PREFIX}amount": pa.array(amount / 100, mask=np.isnan(amount)),
        "township": pc.utf8_slice_codeunits(given["area"], 0, 9),
        "counted_members": found("counted_members"),
        "assessed_income": pa.array(found("assessed_income") / 100, mask=nobody),
        "income_per_head": pa.array(found("income_per_head") / 100, mask=nobody),
    }
    return pa.table(columns | {name: found(name) for name in FLAGS})


def main(snapshot: Path, out: Path, day: date, exact: bool) -> None:
    """Read, compute, write."""
    clock = [time.perf_counter()]
    persons, households, real_estate = tables(snapshot, day)
    clock.append(time.perf_counter())
    made = simulation(day, exact, persons, households)
    made.real_estate = real_estate
    table = results(made, day, snapshot)
    clock.append(time.perf_counter())
    pq.write_table(table, out, compression="zstd")
    clock.append(time.perf_counter())
    read, compute, write = (round(after - before, 3) for before, after in pairwise(clock))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    said = {"seconds": round(clock[-1] - clock[0], 3), "read": read, "compute": compute, "write": write}
    print(json.dumps(said | {"rows": table.num_rows, "peak_mib": peak}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3]), "exact" in sys.argv[4:])
