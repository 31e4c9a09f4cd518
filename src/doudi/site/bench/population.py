"""A made-up population as a snapshot, for benchmarks: the files `matching.actions.make_snapshot` writes.

Shares and amounts are plausible for a poor county (wages in 4 of 10 adults, pensions in 9 of 10 over 60), a fifth of
the families have not signed, and every column has unknown cells. Nobody in it exists.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from doudi.engine.rulebook import Record, Rulebook
from doudi.engine.tree import Kind
from doudi.matching.logic.tables import WHY, arrow_type, parquet_options
from doudi.matching.logic.wanted import AUTHORISED, given_facts, window_of
from doudi.site.bench.columns import Array, amounts, chosen, dates, decimals, identifiers, months, offsets

CHUNK = 100_000
"""Households made at a time: the memory of the generator does not grow with the population."""
ROW_GROUP = 100_000
SIZES = (0.22, 0.30, 0.22, 0.14, 0.08, 0.03, 0.01)
RECORDS: Mapping[str, tuple[int, int, float, int, int]] = {
    "wage": (16, 60, 0.42, 6, 12),
    "settlement": (0, 120, 0.45, 1, 5),
    "pension": (60, 120, 0.9, 1, 1),
    "property": (18, 120, 0.3, 1, 2),
    "vehicle": (18, 75, 0.12, 1, 1),
    "business": (18, 75, 0.04, 1, 1),
    "bank_balance": (0, 120, 0.8, 1, 1),
    "farm_subsidy": (18, 120, 0.3, 1, 2),
    "disability": (0, 120, 0.06, 1, 1),
    "schooling": (3, 22, 0.85, 1, 1),
    "hukou": (0, 120, 1.0, 1, 1),
    "death": (0, 120, 0.01, 1, 1),
    "custody": (18, 70, 0.003, 1, 1),
    "dibao_ledger": (0, 120, 0.02, 1, 1),
}
"""By record: from age, to age, share of those people with rows, fewest and most rows. Any other: 5 in 100, one row."""
SHARES: Mapping[tuple[str, str], Mapping[str, float]] = {
    ("hukou", "state"): {"正常": 0.985, "注销-死亡": 0.01, "迁出": 0.005},
    ("pension", "scheme"): {"城乡居民": 0.8, "城镇职工": 0.2},
    ("pension", "state"): {"在发": 0.95, "暂停": 0.05},
    ("property", "use"): {"住宅": 0.9, "商业": 0.04, "车位": 0.06},
    ("property", "state"): {"现势": 0.93, "历史": 0.07},
    ("vehicle", "type"): {"小型轿车": 0.4, "普通二轮摩托车": 0.5, "残疾人专用汽车": 0.1},
    ("vehicle", "state"): {"正常": 0.85, "注销": 0.1, "报废": 0.05},
    ("business", "type"): {"个体工商户": 0.8, "有限责任公司": 0.15, "农民专业合作社": 0.05},
    ("business", "state"): {"存续": 0.6, "注销": 0.4},
    ("settlement", "kind"): {"普通门诊": 0.6, "住院": 0.15, "门诊慢特": 0.15, "药店购药": 0.1},
    ("disability", "state"): {"有效": 0.9, "过期": 0.1},
    ("custody", "kind"): {"服刑": 0.7, "强制隔离戒毒": 0.2, "社区矫正": 0.1},
    ("household", "obligor_status"): {"有": 0.75, "无": 0.15, "无履行能力": 0.1},
    ("person", "hukou_type"): {"农村": 0.7, "城镇": 0.3},
}
AMOUNTS: Mapping[tuple[str, str], tuple[float, float]] = {
    ("wage", "amount"): (2200, 0.6),
    ("pension", "amount"): (420, 0.9),
    ("pension", "basic_amount"): (150, 0.1),
    ("settlement", "out_of_pocket"): (600, 1.4),
    ("bank_balance", "deposits"): (6000, 1.5),
    ("bank_balance", "wealth_products"): (800, 1.5),
    ("business", "registered_capital"): (60000, 1.2),
    ("property", "floor_area"): (80, 0.35),
    ("farm_subsidy", "amount"): (500, 0.7),
    ("household", "declared_other_income"): (150, 1.0),
    ("household", "education_spending"): (2500, 1.0),
}
"""Median and spread of log-normal amounts; an amount not named here has a median of 1,000."""


def write_population(
    folder: Path,
    rulebook: Rulebook,
    *,
    households: int,
    as_of: date,
    slice_size: int,
    seed: int = 20260714,
    known: bool = False,
) -> int:
    """Write a snapshot of so many households into `folder`; returns the number of persons.

    `known`: no fact is unknown and no two rows disagree.
    """
    folder.mkdir(parents=True, exist_ok=True)
    writers: dict[str, pq.ParquetWriter] = {}
    persons = 0
    step = min(CHUNK, slice_size)
    for first in range(0, households, step):
        rng = np.random.default_rng([seed, first])
        made = _Chunk(rulebook, rng, as_of, (first, persons), min(step, households - first), slice_size, known)
        for name, table in made.tables():
            if name not in writers:
                writers[name] = pq.ParquetWriter(
                    folder / f"{name}.parquet", table.schema, **parquet_options(table.schema)
                )
            writers[name].write_table(table, row_group_size=ROW_GROUP)
        persons += made.persons
    for writer in writers.values():
        writer.close()
    meta = {"as_of": as_of.isoformat(), "place": rulebook.place, "households": households, "persons": persons}
    (folder / "meta.json").write_text(json.dumps(meta, sort_keys=True), encoding="utf-8")
    return persons


class _Chunk:
    """Some households with their persons and records, as Arrow tables."""

    def __init__(
        self,
        rulebook: Rulebook,
        rng: np.random.Generator,
        as_of: date,
        start: tuple[int, int],
        households: int,
        slice_size: int,
        known: bool,
    ) -> None:
        """`start`: how many households and persons were made before."""
        self._known = known
        self._first, self._first_person = start
        self._rulebook, self._rng, self._as_of = rulebook, rng, as_of
        self._facts = given_facts(rulebook)
        self.households = households
        sizes = rng.choice(np.arange(1, len(SIZES) + 1), households, p=SIZES)
        self._owner = np.repeat(np.arange(households), sizes)
        self.persons = len(self._owner)
        self._place = offsets(sizes)
        self._ids = identifiers(rng, self._first, households)
        self._person_ids = identifiers(rng, self._first_person, self.persons)
        self._slice = pa.array((self._first + np.arange(households)) // slice_size, pa.int32())
        self._age = self._ages()
        self._signed = rng.random(households)[self._owner] > 0.2

    def _ages(self) -> Array:
        rng, place = self._rng, self._place
        head = np.clip(rng.normal(56, 14, self.households), 20, 95)[self._owner]
        partner = np.clip(head + rng.normal(0, 4, self.persons), 18, 98)
        other = np.where(
            rng.random(self.persons) < 0.7, rng.uniform(0, 35, self.persons), rng.uniform(60, 95, self.persons)
        )
        return np.select([place == 0, place == 1], [head, partner], other)

    def tables(self) -> Iterator[tuple[str, pa.Table]]:
        """households, persons, then each record."""
        yield "households", self._household_table()
        yield "persons", self._person_table()
        for record in self._rulebook.records.values():
            yield record.name, self._record_table(record)

    def _household_table(self) -> pa.Table:
        heads = np.flatnonzero(self._place == 0)
        absent = self._doubted(self.households, 0.01)
        columns: dict[str, pa.Array] = {
            "household_id": self._ids,
            "head_id": self._person_ids.take(pa.array(np.where(absent, 0, heads), pa.int64(), mask=absent)),
            "household_row": pa.array(self._first + np.arange(self.households), pa.int32()),
            "head_row": pa.array(self._first_person + heads, pa.int32(), mask=absent),
            "area": self._areas(self.households, np.zeros(self.households, bool)),
        }
        for (entity, name), kind in self._facts.items():
            if entity == "household" and name not in columns:
                self._given(columns, entity, name, kind, self.households)
        columns["slice"] = self._slice
        return pa.table(columns)

    def _given(self, columns: dict[str, pa.Array], entity: str, name: str, kind: Kind, rows: int) -> None:
        """A fact and why it is missing: one in ten never asked, one in fifty asked without an answer."""
        luck = self._rng.random(rows) + self._known
        never, unclear = luck < 0.1, (luck >= 0.1) & (luck < 0.12)
        if entity == "person" and name == "is_authorised":
            columns[name] = pa.array(self._signed & (luck > 0.02 + self._known))
            columns[f"{name}__why"] = pa.nulls(rows, pa.int8())
            return
        if entity == "person":
            never, unclear = np.zeros(rows, bool), luck < 0.01
        columns[name] = self._cells(entity, name, kind, rows, never | unclear)
        why = np.where(never, WHY["never_asked"], WHY["not_answered"]).astype(np.int8)
        columns[f"{name}__why"] = pa.array(why, mask=~(never | unclear))

    def _person_table(self) -> pa.Table:
        owner = pa.array(self._owner)
        columns: dict[str, pa.Array] = {
            "household_id": self._ids.take(owner),
            "person_id": self._person_ids,
            "household_row": pa.array(self._first + self._owner, pa.int32()),
            "person_row": pa.array(self._first_person + np.arange(self.persons), pa.int32()),
            "member": pa.array(self._rng.random(self.persons) > 0.02),
        }
        for (entity, name), kind in self._facts.items():
            if entity == "person" and name not in columns:
                self._given(columns, entity, name, kind, self.persons)
        for record in self._rulebook.records.values():
            columns[f"{record.name}__why"] = self._why(record)
        columns["slice"] = self._slice.take(owner)
        return pa.table(columns)

    def _why(self, record: Record) -> pa.Array:
        shut = ~self._signed if record.feed.scope == AUTHORISED and not self._known else np.zeros(self.persons, bool)
        spoiled = self._doubted(self.persons, 0.004)
        why = np.where(shut, WHY["not_permitted"], WHY["not_answered"]).astype(np.int8)
        return pa.array(why, mask=~(shut | spoiled))

    def _record_table(self, record: Record) -> pa.Table:
        low, high, share, fewest, most = RECORDS.get(record.name, (0, 120, 0.05, 1, 1))
        share = 1.0 if self._known and record.name == "bank_balance" else share
        fits = (self._age >= low) & (self._age < high) & (self._rng.random(self.persons) < share)
        counts = np.where(fits, self._rng.integers(fewest, most + 1, self.persons), 0)
        person = np.repeat(np.arange(self.persons), counts)
        rows, number = len(person), offsets(counts)
        owner = pa.array(self._owner[person])
        columns: dict[str, pa.Array] = {
            "household_id": self._ids.take(owner),
            "person_id": self._person_ids.take(pa.array(person)),
            "household_row": pa.array(self._first + self._owner[person], pa.int32()),
            "person_row": pa.array(self._first_person + person, pa.int32()),
        }
        for name, column in record.columns.items():
            unknown = self._doubted(rows, 0.002)
            if name == "month":
                columns[name] = months(window_of(14, self._as_of)[0], number % 14 + 1, unknown)
            elif name == "unit_no" and self._known:
                columns[name] = pa.array([f"U{place}" for place in range(rows)])
            elif name == "unit_no":
                columns[name] = chosen(self._rng, {f"U{n}": 1.0 for n in range(3)}, rows, unknown)
            else:
                columns[name] = self._cells(record.name, name, column.kind, rows, unknown)
        columns["_row"] = pa.array(np.arange(1, rows + 1), pa.int32())
        columns["_delivery"] = pa.array(["00000000-0000-4000-8000-000000000000"]).take(
            pa.array(np.zeros(rows, np.int64))
        )
        columns["slice"] = self._slice.take(owner)
        return pa.table(columns)

    def _doubted(self, rows: int, share: float) -> Array:
        """Which of so many cells are unknown."""
        return np.asarray(self._rng.random(rows) + self._known < share)

    def _cells(self, entity: str, name: str, kind: Kind, rows: int, unknown: Array) -> Any:
        if name == "born_on" and entity == "person":
            return dates(self._as_of, self._age * 365.25, unknown)
        if kind.base == "number":
            median, spread = AMOUNTS.get((entity, name), (1000.0, 1.0))
            return decimals(amounts(self._rng, median, spread, rows), arrow_type(kind), unknown)
        if kind.base in ("date", "month"):
            return dates(self._as_of, self._rng.uniform(0, 600, rows), unknown)
        if kind.base == "boolean":
            return pa.array(self._rng.random(rows) < 0.5, mask=unknown)
        if kind.base == "integer":
            return pa.array(self._rng.integers(1, 5, rows), pa.int64(), mask=unknown)
        if kind.base == "area":
            return self._areas(rows, unknown)
        codes = SHARES.get((entity, name)) or dict.fromkeys(kind.codes or ("甲", "乙", "丙"), 1.0)
        return chosen(self._rng, codes, rows, unknown)

    def _areas(self, rows: int, unknown: Array) -> pa.Array:
        codes = [f"{self._rulebook.place}{town:03d}{village:03d}" for town in range(1, 7) for village in range(1, 31)]
        return chosen(self._rng, dict.fromkeys(codes, 1.0), rows, unknown)
