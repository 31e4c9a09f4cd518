"""Snapshot and CASE.json laid side by side: the same facts, rows and reasons for every household."""

from __future__ import annotations

import datetime
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

REASONS = {1: "never_asked", 2: "not_answered", 3: "not_permitted", 4: "conflicting"}
OWN = {"household_id", "person_id", "head_id", "household_row", "person_row", "head_row", "member", "slice"}


def snapshot_cases(folder: Path) -> dict[str, dict[str, Any]]:
    """The snapshot's households in the shape `plain_case` gives, by household id."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows_of(folder / "households.parquet"):
        facts = known(row)
        found[row["household_id"]] = {"head": row["head_id"], "facts": facts, "persons": {}}
    for row in rows_of(folder / "persons.parquet"):
        person = {"member": row["member"], "facts": known(row), "records": {}}
        found[row["household_id"]]["persons"][row["person_id"]] = person
    for path in folder.glob("*.parquet"):
        if path.stem not in ("households", "persons"):
            _add_rows(found, path)
    return found


def _add_rows(found: dict[str, dict[str, Any]], path: Path) -> None:
    rows = defaultdict(list)
    for row in rows_of(path):
        rows[row["household_id"], row["person_id"]].append({k: v for k, v in row.items() if k not in OWN})
    for household, case in found.items():
        for key, person in case["persons"].items():
            why = person["facts"].pop(f"{path.stem}__record", None)
            person["records"][path.stem] = why or order(rows[household, key])


def rows_of(path: Path) -> list[dict[str, Any]]:
    with duckdb.connect() as reader:
        cursor = reader.execute("FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, map(text, row), strict=True)) for row in cursor.fetchall()]


def known(row: dict[str, Any]) -> dict[str, Any]:
    """Known facts, and reasons other than never_asked for the others; a record's reason as <record>__record."""
    facts: dict[str, Any] = {}
    for name, value in row.items():
        if name in OWN or value is None:
            continue
        if not name.endswith("__why"):
            facts[name] = value
        elif name.removesuffix("__why") not in row:
            facts[name.removesuffix("__why") + "__record"] = REASONS[int(value)]
        elif REASONS[int(value)] != "never_asked":
            facts[name.removesuffix("__why")] = REASONS[int(value)]
    return facts


def plain_case(case: dict[str, Any]) -> dict[str, Any]:
    """CASE.json in the same shape."""
    household = {k: text(v) for k, v in case["household"].items() if k not in ("id", "head")}
    persons = {}
    for person in case["persons"]:
        facts = {k: text(v) for k, v in person.items() if k not in ("id", "member", "records")}
        records = {
            name: text(rows)
            if isinstance(rows, dict)
            else order([{k: text(v) for k, v in row.items()} for row in rows])
            for name, rows in person["records"].items()
        }
        persons[person["id"]] = {"member": person["member"], "facts": facts, "records": records}
    return {"head": case["household"].get("head"), "facts": household, "persons": persons}


def text(value: object) -> Any:
    """One spelling for both sides; an unknown cell is None, an unknown fact its reason."""
    if isinstance(value, dict):
        return value["unknown"]
    if isinstance(value, Decimal):
        return number(str(value))
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        return number(value)
    return value


def number(value: str) -> str:
    """Amounts without trailing zeros; anything else as it is."""
    try:
        return format(Decimal(value).normalize(), "f") if "." in value else value
    except ArithmeticError:
        return value


def order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    cleaned = [{k: v for k, v in row.items() if v not in (None, "not_answered")} for row in rows]
    return sorted(cleaned, key=lambda row: (row["_delivery"], row["_row"]))
