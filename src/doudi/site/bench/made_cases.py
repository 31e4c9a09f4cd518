"""Households of a snapshot as CASE.json data: what the Python rendering is given where SQL reads the snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from doudi.engine.backends.locked import connect
from doudi.engine.rulebook import Rulebook
from doudi.matching.logic.tables import WHY

_REASONS = {number: reason for reason, number in WHY.items()}
_KEYS = ("household_id", "person_id", "slice", "head_id", "household_row", "person_row", "head_row")
Row = dict[str, Any]


def sampled(snapshot: Path, count: int) -> list[str]:
    """Ids of so many households, the same ones every time."""
    path = str(snapshot / "households.parquet")
    query = "SELECT household_id FROM read_parquet(?) ORDER BY hash(household_id), household_id LIMIT ?"
    with connect(None, [snapshot], threads=None) as reader:
        return sorted(str(row[0]) for row in reader.execute(query, [path, count]).fetchall())


def cases(snapshot: Path, rulebook: Rulebook, as_of: date, households: Sequence[str]) -> dict[str, Row]:
    """CASE.json data by household id."""
    found: dict[str, Row] = {}
    people: dict[tuple[str, str], Row] = {}
    for row in _rows(snapshot / "households.parquet", households):
        table = {"id": row["household_id"], **_facts(row)}
        if row["head_id"] is not None:
            table["head"] = row["head_id"]
        found[row["household_id"]] = {"as_of": as_of.isoformat(), "household": table, "persons": []}
    for row in _rows(snapshot / "persons.parquet", households):
        whys = {name: row.pop(f"{name}__why", None) for name in rulebook.records}
        records = {name: [] if why is None else {"unknown": _REASONS[why]} for name, why in whys.items()}
        person = {"id": row["person_id"], **_facts(row), "records": records}
        found[row["household_id"]]["persons"].append(person)
        people[row["household_id"], row["person_id"]] = records
    for name in rulebook.records:
        for row in _rows(snapshot / f"{name}.parquet", households):
            rows = people[row["household_id"], row["person_id"]][name]
            if isinstance(rows, list):
                rows.append({key: _cell(value) for key, value in row.items() if key not in _KEYS})
    return found


def _rows(path: Path, households: Sequence[str]) -> list[Row]:
    with connect(None, [path.parent], threads=None) as reader:
        query = "SELECT * FROM read_parquet(?) WHERE household_id IN (SELECT unnest(?::VARCHAR[]))"
        cursor = reader.execute(query, [str(path), list(households)])
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _facts(row: Row) -> Row:
    table: Row = defaultdict(dict)
    for name, value in row.items():
        if name in _KEYS or name.endswith("__why"):
            continue
        if value is not None:
            table[name] = _cell(value)
        elif row.get(f"{name}__why") is not None:
            table[name] = {"unknown": _REASONS[row[f"{name}__why"]]}
    return dict(table)


def _cell(value: Any) -> Any:
    if value is None:
        return {"unknown": "not_answered"}
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value
