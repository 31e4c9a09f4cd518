"""Some made-up households with their persons and records, as the Arrow tables of a snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from doudi.engine.rulebook import Record, Rulebook
from doudi.engine.tree import Kind
from doudi.matching.logic.tables import WHY, arrow_type
from doudi.matching.logic.wanted import AUTHORISED, given_facts, window_of
from doudi.site.bench.columns import Array, amounts, chosen, dates, decimals, identifiers, months, offsets
from doudi.site.bench.shares import AMOUNTS, RECORDS, SHARES, SIZES

DELIVERY = "00000000-0000-4000-8000-000000000000"
"""The delivery every row claims to come from."""


class Chunk:
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
        sizes = self._sizes()
        self._owner = np.repeat(np.arange(households), sizes)
        self.persons = len(self._owner)
        self._place = offsets(sizes)
        self._ids = identifiers(rng, self._first, households)
        self._person_ids = identifiers(rng, self._first_person, self.persons)
        self._slice = pa.array((self._first + np.arange(households)) // slice_size, pa.int32())
        self._age = self._ages()
        self._signed = rng.random(households)[self._owner] > 0.2

    def _sizes(self) -> Array:
        return self._rng.choice(np.arange(1, len(SIZES) + 1), self.households, p=SIZES)

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
            "area": self._homes(),
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
            "member": self._members(),
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
        return self._rows_of(person, self._drawn(record, len(person), offsets(counts)))

    def _drawn(self, record: Record, rows: int, number: Array) -> dict[str, pa.Array]:
        """A record's own columns; `number`: which of its person's rows each is."""
        columns: dict[str, pa.Array] = {}
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
        return columns

    def _rows_of(self, person: Array, columns: Mapping[str, pa.Array]) -> pa.Table:
        """A record's table: whose rows they are, its own columns, where they came from."""
        rows, owner = len(person), pa.array(self._owner[person])
        return pa.table(
            {
                "household_id": self._ids.take(owner),
                "person_id": self._person_ids.take(pa.array(person)),
                "household_row": pa.array(self._first + self._owner[person], pa.int32()),
                "person_row": pa.array(self._first_person + person, pa.int32()),
                **columns,
                "_row": pa.array(np.arange(1, rows + 1), pa.int32()),
                "_delivery": pa.array([DELIVERY]).take(pa.array(np.zeros(rows, np.int64))),
                "slice": self._slice.take(owner),
            }
        )

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

    def _homes(self) -> pa.Array:
        """The area of each household."""
        return self._areas(self.households, np.zeros(self.households, bool))

    def _members(self) -> pa.Array:
        """Whether each person is a member of the assistance unit."""
        return pa.array(self._rng.random(self.persons) > 0.02)

    def _areas(self, rows: int, unknown: Array) -> pa.Array:
        codes = [f"{self._rulebook.place}{town:03d}{village:03d}" for town in range(1, 7) for village in range(1, 31)]
        return chosen(self._rng, dict.fromkeys(codes, 1.0), rows, unknown)
