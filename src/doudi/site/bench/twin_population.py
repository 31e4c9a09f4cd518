"""The twin as a population of whom everything is known: the files `write_population` writes, from what is true.

Its first county is the twin's small one with families set on the edges of the rules; the others are plain, each with a
seed of its own, so that memory does not grow with the population. Whoever applied has told what the application says;
of all others the twin's truth stands in. What the twin does not have is drawn as for the made-up population.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from doudi.engine.rulebook import Record, Rulebook
from doudi.engine.tree import Kind
from doudi.matching.logic.tables import arrow_type
from doudi.site.bench.chunk import Chunk
from doudi.site.bench.columns import Array, decimals
from doudi.site.bench.population import CHUNK, write_chunks
from doudi.site.bench.shares import SHARES
from doudi.site.bench.twin_rows import ROWS
from doudi.twin.assistance import EDUCATION
from doudi.twin.county import County, make_county
from doudi.twin.edges import set_on_edges
from doudi.twin.plan import Plan, days

EDGES = 2_000
"""Households of the county with families on the edges; a population of less than twice as many is that county alone."""
CARELESS = 0.046
"""Families of whom some have not signed, as among those who apply."""


def write_twin(
    folder: Path, rulebook: Rulebook, *, households: int, as_of: date, slice_size: int, seed: int = 20260714
) -> int:
    """Write a snapshot of so many twin households (20 or more) into `folder`; returns the number of persons."""

    def made(start: tuple[int, int], count: int) -> Chunk:
        last = (as_of.replace(day=1) - date.resolution).replace(day=1)
        plan = Plan(seed + start[0], count, dirt=0, last=last, pack=start[0] == 0)
        county = make_county(plan)
        county = on_edges(county, days(as_of)) if plan.pack else county
        return TwinChunk(rulebook, county, as_of, start, slice_size)

    return write_chunks(folder, rulebook, as_of, counties(households), made)


def counties(households: int) -> list[int]:
    """How many households each county has."""
    if households < 2 * EDGES:
        return [households]
    rest = households - EDGES
    parts = -(-rest // CHUNK)
    return [EDGES, *(rest // parts + (n < rest % parts) for n in range(parts))]


def on_edges(county: County, today: int) -> County:
    """Families set on the edges of one day: all apply on it, and a birthday the twin would apply on is moved to it."""
    rows = tuple(replace(one, applied_on=today) for one in county.assistance.applications)
    county = set_on_edges(replace(county, assistance=replace(county.assistance, applications=rows)))
    for one in county.assistance.applications:
        county.families.born[list(one.members)] += today - one.applied_on
    return county


class TwinChunk(Chunk):
    """A county's households, persons and records; every fact is known."""

    def __init__(
        self, rulebook: Rulebook, county: County, as_of: date, start: tuple[int, int], slice_size: int
    ) -> None:
        """`start`: how many households and persons were made before."""
        self._county = county
        rng = county.plan.stream("population")
        super().__init__(rulebook, rng, as_of, start, len(county.families.size), slice_size, True)
        self._told = self._facts_told()

    def _sizes(self) -> Array:
        return self._county.families.size

    def _ages(self) -> Array:
        return np.asarray((days(self._as_of) - self._county.families.born) / 365.25)

    def _homes(self) -> pa.Array:
        return pc.cast(pa.array(self._county.families.village), pa.string())

    def _members(self) -> pa.Array:
        """All but those whom their family's application leaves out."""
        families, member = self._county.families, np.ones(self.persons, bool)
        for one in self._county.assistance.applications:
            start = families.start[one.household]
            member[start : start + families.size[one.household]] = False
        for one in self._county.assistance.applications:
            member[list(one.members)] = True
        return pa.array(member)

    def _facts_told(self) -> dict[tuple[str, str], Any]:
        """What registry and applications say where the twin knows it, by (entity, fact); money in fen."""
        county, families = self._county, self._county.families
        rows = county.assistance.applications
        at = [one.household for one in rows]
        income, spent = county.work.unseen // 12, self._education()
        income[at], spent[at] = [one.other_income for one in rows], [one.education for one in rows]
        on_dibao = np.isin(np.arange(self.households), county.assistance.ledger["household"].to_numpy())
        return {
            ("household", "declared_other_income"): income,
            ("household", "education_spending"): spent,
            ("household", "obligor_status"): self._obligors(),
            ("household", "standing_recognition"): np.where(on_dibao, "低保", "无"),
            ("person", "born_on"): families.born,
            ("person", "hukou_type"): np.where(families.of_household(families.urban), "城镇", "农村"),
            ("person", "sex"): np.where(families.male, "男", "女"),
            ("person", "is_authorised"): self._authorised(),
        }

    def _education(self) -> Array:
        """What families with pupils spend in a year, with the shares of those who apply."""
        pupils = self._county.families.any_of(self._county.work.stage >= 0)
        spent = self._rng.choice(EDUCATION, self.households, p=(0.2, 0.3, 0.25, 0.25))
        return np.where(pupils, spent, 0)

    def _obligors(self) -> Array:
        """As told; drawn for those who did not say, or did not know."""
        shares = SHARES["household", "obligor_status"]
        status = self._rng.choice(list(shares), self.households, p=list(shares.values()))
        for one in self._county.assistance.applications:
            if one.obligors in shares:
                status[one.household] = one.obligors
        return status

    def _authorised(self) -> Array:
        careless = (self._rng.random(self.households) < CARELESS)[self._owner]
        signed = ~careless | (self._rng.random(self.persons) < 0.4)
        for one in self._county.assistance.applications:
            signed[list(one.members)] = False
            signed[list(one.signed)] = True
        return signed

    def _given(self, columns: dict[str, pa.Array], entity: str, name: str, kind: Kind, rows: int) -> None:
        told = self._told.get((entity, name))
        if told is None:
            super()._given(columns, entity, name, kind, rows)
            return
        columns[name] = _stored(told, kind)
        columns[f"{name}__why"] = pa.nulls(rows, pa.int8())

    def _record_table(self, record: Record) -> pa.Table:
        if record.name not in ROWS:
            return super()._record_table(record)
        found = ROWS[record.name](self._county)
        order = np.argsort(found["person"], kind="stable")
        columns = {
            name: _stored(found[name], column.kind).take(pa.array(order)) for name, column in record.columns.items()
        }
        return self._rows_of(found["person"][order], columns)


def _stored(values: Any, kind: Kind) -> pa.Array:
    """Whole numbers, texts or flags as a value of a kind is stored."""
    if kind.base == "number":
        return decimals(values.astype(np.int64), arrow_type(kind), np.zeros(len(values), bool))
    if kind.base in ("date", "month"):
        return pa.array(values.astype(np.int32)).cast(pa.date32())
    return values if isinstance(values, pa.Array) else pa.array(values, arrow_type(kind))
