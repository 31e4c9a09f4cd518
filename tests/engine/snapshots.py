"""Cases as a snapshot in Parquet, as matching writes them, and the results of a screening read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from doudi.engine.rulebook import Rulebook
from doudi.engine.tree import Kind
from doudi.matching.logic.tables import arrow_type

WHY = {"never_asked": 1, "not_answered": 2, "not_permitted": 3, "conflicting": 4}
OWN = ("id", "head", "member", "records", "number", "name")


def write_snapshot(folder: Path, rulebook: Rulebook, cases: Sequence[dict], *, slice_size: int = 100_000) -> None:
    """households, persons and one file a record. Facts that no case gives are left out, as matching does."""
    folder.mkdir(parents=True, exist_ok=True)
    households = [(case["household"], number // slice_size) for number, case in enumerate(cases)]
    persons = [(p, case["household"], n // slice_size) for n, case in enumerate(cases) for p in case["persons"]]
    kinds = {(f.entity, f.name): f.kind for f in rulebook.facts.values()}
    columns: dict[str, Any] = {
        "household_id": strings(h["id"] for h, _ in households),
        "head_id": strings(h.get("head") for h, _ in households),
        "household_row": numbers(range(len(households))),
        "head_row": numbers(heads(cases)),
        "area": strings(known(h.get("area")) for h, _ in households),
    }
    add_facts(columns, "household", [h for h, _ in households], kinds, skip=("area",))
    columns["slice"] = pa.array([part for _, part in households], pa.int32())
    pq.write_table(pa.table(columns), folder / "households.parquet")
    columns = {
        "household_id": strings(h["id"] for _, h, _ in persons),
        "person_id": strings(p["id"] for p, _, _ in persons),
        "household_row": numbers(n for n, case in enumerate(cases) for _ in case["persons"]),
        "person_row": numbers(range(len(persons))),
        "member": pa.array([p.get("member", True) for p, _, _ in persons], pa.bool_()),
    }
    add_facts(columns, "person", [p for p, _, _ in persons], kinds, skip=("member",))
    for record in rulebook.records:
        reasons = [reason(p.get("records", {}).get(record, {"unknown": "never_asked"})) for p, _, _ in persons]
        columns[f"{record}__why"] = pa.array(reasons, pa.int8())
    columns["slice"] = pa.array([part for _, _, part in persons], pa.int32())
    pq.write_table(pa.table(columns), folder / "persons.parquet")
    places = {h["id"]: number for number, (h, _) in enumerate(households)}
    for record in rulebook.records.values():
        write_rows(folder, record.name, {c.name: c.kind for c in record.columns.values()}, persons, places)


def write_rows(folder: Path, record: str, kinds: dict[str, Kind], persons: list, places: dict[str, int]) -> None:
    rows = [
        (row, p["id"], h["id"], person, places[h["id"]], part)
        for person, (p, h, part) in enumerate(persons)
        if isinstance(found := p.get("records", {}).get(record), list)
        for row in found
    ]
    columns: dict[str, Any] = {
        "household_id": strings(h for _, _, h, *_ in rows),
        "person_id": strings(p for _, p, *_ in rows),
        "household_row": numbers(household for *_, household, _ in rows),
        "person_row": numbers(person for _, _, _, person, *_ in rows),
    }
    for name, kind in kinds.items():
        columns[name] = pa.array([cell(kind, row.get(name)) for row, *_ in rows], arrow_type(kind))
    columns["slice"] = pa.array([part for *_, part in rows], pa.int32())
    pq.write_table(pa.table(columns), folder / f"{record}.parquet")


def add_facts(columns: dict, entity: str, tables: list[dict], kinds: dict, *, skip: tuple[str, ...]) -> None:
    given = dict.fromkeys(name for table in tables for name in table if name not in (*OWN, *skip))
    for name in given:
        kind = kinds[entity, name]
        columns[name] = pa.array([cell(kind, table.get(name)) for table in tables], arrow_type(kind))


def strings(values: Iterable[str | None]) -> pa.Array:
    return pa.array(list(values), pa.string())


def numbers(values: Iterable[int | None]) -> pa.Array:
    return pa.array(list(values), pa.int32())


def heads(cases: Sequence[dict]) -> Iterator[int | None]:
    """The row of each household's head among all persons."""
    before = 0
    for case in cases:
        ids = [person["id"] for person in case["persons"]]
        head = case["household"].get("head")
        yield before + ids.index(head) if head in ids else None
        before += len(ids)


def known(value: Any) -> Any:
    return None if isinstance(value, dict) else value


def reason(value: Any) -> int | None:
    return WHY[value["unknown"]] if isinstance(value, dict) else None


def cell(kind: Kind, value: Any) -> Any:
    """A JSON value in the type its column has."""
    if isinstance(value, dict):
        value = value.get("choice")
    if value is None:
        return None
    if kind.base == "number":
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-(10 if kind.scale is None else kind.scale)))
    if kind.base == "integer":
        return int(value)
    if kind.base in ("date", "month"):
        return date.fromisoformat(f"{value}-01" if len(value) == 7 else value)
    return value


def read_results(folder: Path) -> dict[str, dict[str, Any]]:
    """The rows of a screening by household."""
    tables = [pq.read_table(path) for path in sorted(folder.glob("slice-*.parquet"))]
    rows = pa.concat_tables(tables, promote_options="permissive").to_pylist()
    return {row["household_id"]: row for row in rows}
