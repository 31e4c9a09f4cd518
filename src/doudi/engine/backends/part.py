"""One part of a population worked out stage by stage: DuckDB reads and works out formulas, columns stay in order between."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from doudi.engine.backends.ordinals import Array, Groups, Places, decimals, spread, taken, through
from doudi.engine.sql_expression import quoted
from doudi.engine.sql_ordinal import SUM, Plan, Rows, Scan, Stage

Source = Callable[[str], str]
"""A table of the snapshot as the FROM text that reads it."""
_BATCH = 4_000_000


class Part:
    """Households from one row to another of a snapshot, with all columns known so far."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, plan: Plan, source: Source, first: int, last: int) -> None:
        self._cursor, self._plan, self._source = cursor, plan, source
        self._held: dict[str, dict[str, pa.Array]] = {"household": {}, "person": {}}
        self._rows = f"household_row BETWEEN {first} AND {last}"
        self._owner: dict[tuple[str, str], Array] = {}
        """By (rows over, within): the place of each row's owner."""
        self._groups: dict[tuple[str, str], Groups] = {}

    def run(self) -> pa.Table:
        """The outputs of every household, in order."""
        self._load_households()
        self._load_persons()
        for scan in self._plan.scans.values():
            self._scan(scan)
        for stage in self._plan.stages:
            self._stage(stage)
        return self._result()

    # -- reading ---------------------------------------------------------------------------------------------------

    def _load_households(self) -> None:
        columns = self._plan.loader.columns("household", "s")
        held = self._read(
            f"SELECT household_row AS h, head_row AS head, household_id{columns} "
            f"FROM {self._source('households')} AS s WHERE {self._rows}"
        )
        self._households = Places(held.pop("h").to_numpy())
        self._heads, self._ids = held.pop("head"), held.pop("household_id")
        self._held["household"] = held

    def _load_persons(self) -> None:
        loader = self._plan.loader
        why = "".join(f", {loader.answered(r)} AS {quoted(r + '__answered')}" for r in self._plan.records)
        held = self._read(
            "SELECT person_row AS p, household_row AS h, coalesce(member, TRUE) AS member"
            f"{loader.columns('person', 'f')}{why} FROM {self._source('persons')} AS f WHERE {self._rows}"
        )
        numbers = held.pop("p").to_numpy()
        self._persons = Places(numbers)
        low, high = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, -1)
        self._person_rows = f"person_row BETWEEN {low} AND {high}"
        self._owner["person", "household"] = self._households.of(held.pop("h").to_numpy())
        self._head_places = self._persons.of(self._heads.fill_null(-1).to_numpy())
        self._held["person"] = held

    def _scan(self, scan: Scan) -> None:
        source = f"FROM {self._source(scan.record)} AS f WHERE {self._person_rows}"
        held = self._read(scan.query(source))
        record = scan.record
        owner = self._owner[record, "person"] = self._persons.of(held.pop("p").to_numpy())
        self._owner[record, "household"] = through(self._owner["person", "household"], owner)
        for (_, how), name in scan.rows.cells.items():
            self._held["person"][name] = self._together(record, "person", how, held.pop(name).to_numpy())
        self._held[record] = held

    def _read(self, query: str) -> dict[str, pa.Array]:
        table = self._cursor.sql(query).to_arrow_table(_BATCH)
        return {name: _one(table.column(name)) for name in table.column_names}

    def _over(self, columns: dict[str, pa.Array], query: str) -> dict[str, pa.Array]:
        """A query over a table `rows` of these columns."""
        self._cursor.register("rows", pa.table(columns))
        return self._read(query)

    # -- stages ----------------------------------------------------------------------------------------------------

    def _stage(self, stage: Stage) -> None:
        held = self._held.setdefault(stage.entity, {})
        for name, of_person in stage.heads.items():
            held[name] = taken(self._held["person"][of_person], self._head_places)
        for rows in stage.rows.values():
            self._bring_together(rows)
        if stage.kept:
            held.update(self._over(self._columns(stage.entity, stage.own, stage.outer), stage.query()))

    def _columns(self, entity: str, own: Iterable[str], outer: Iterable[tuple[str, str]]) -> dict[str, pa.Array]:
        found = {name: self._held[entity][name] for name in own if name in self._held[entity]}
        for owner, name in outer:
            found[f"{owner}.{name}"] = taken(self._held[owner][name], self._owner[entity, owner])
        return found or {"place": pa.nulls(self._households.count)}

    def _bring_together(self, rows: Rows) -> None:
        columns = self._columns(rows.over, rows.own, rows.outer)
        owner = self._owner[rows.over, rows.within]
        columns["place"] = pa.array(owner)
        into, count = self._held[rows.within], self._count(rows.within)
        if rows.cells:
            held = self._over(columns, rows.query())
            groups = Groups(held.pop("place").to_numpy(), count)
            for (_, how), name in rows.cells.items():
                into[name] = _reduced(groups, how, held[name].to_numpy())
        for names, query in rows.groups:
            held = self._over(columns, query)
            places = held.pop("place").to_numpy()
            into.update({name: spread(held[name], places, count) for name in names})

    def _together(self, over: str, within: str, how: str, cells: Array) -> pa.Array:
        if (over, within) not in self._groups:
            self._groups[over, within] = Groups(self._owner[over, within], self._count(within))
        return _reduced(self._groups[over, within], how, cells)

    def _count(self, entity: str) -> int:
        return self._persons.count if entity == "person" else self._households.count

    # -- result ----------------------------------------------------------------------------------------------------

    def _result(self) -> pa.Table:
        held, plan = self._held["household"], self._plan
        columns = {"household_id": self._ids, "area": held["area"]}
        for name in plan.outputs:
            scale = plan.scales.get(("household", name))
            columns[name] = held[name] if scale is None else decimals(held[name], scale)
        columns["error"] = _first([held[name] for name in plan.gaps], self._households.count)
        return pa.table(columns)


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _reduced(groups: Groups, how: str, cells: Any) -> pa.Array:
    return groups.sums(cells) if how == SUM else groups.any(cells)


def _first(columns: list[pa.Array], count: int) -> pa.Array:
    """The first text of several columns that is there."""
    return pc.coalesce(*columns).cast(pa.string()) if columns else pa.nulls(count, pa.string())
