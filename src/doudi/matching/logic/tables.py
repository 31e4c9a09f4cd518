"""Families as Arrow tables: the columns of a snapshot's households and persons."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa

from doudi.engine.tree import Kind
from doudi.matching.logic.families import PERSON_FACTS, Family, Subject, declared_fact

Facts = Mapping[tuple[str, str], Kind]
WHY = {"never_asked": 1, "not_answered": 2, "not_permitted": 3, "conflicting": 4}


def arrow_type(kind: Kind) -> pa.DataType:
    """How a value of a kind is stored."""
    if kind.base == "number":
        return pa.decimal128(28, 10) if kind.scale is None else pa.decimal128(18, kind.scale)
    plain = {"boolean": pa.bool_(), "integer": pa.int64(), "date": pa.date32(), "month": pa.date32()}
    return plain.get(kind.base, pa.string())


def stored(value: str | bool | None, kind: Kind) -> Any:
    """Canonical text of a fact as the value stored."""
    if value is None or isinstance(value, bool):
        return value
    readers: dict[str, Callable[[str], Any]] = {
        "number": Decimal,
        "integer": int,
        "boolean": lambda text: text == "true",
        "date": datetime.date.fromisoformat,
        "month": lambda text: datetime.date.fromisoformat(text if len(text) > 7 else f"{text}-01"),
    }
    return readers.get(kind.base, str)(value)


class Line(NamedTuple):
    """One person of the snapshot in its household. Rows are counted through the whole snapshot."""

    family: Family
    subject: Subject
    slice: int
    household_row: int
    person_row: int


def household_table(
    families: Sequence[Family], facts: Facts, slices: Sequence[int], *, household_row: int = 0, person_row: int = 0
) -> pa.Table:
    """households.parquet: id, head, area, rows, declared facts and why they are missing, slice.

    `household_row`, `person_row`: the rows of the first household and of its first person.
    """
    columns: dict[str, pa.Array] = {
        "household_id": pa.array([str(item.household) for item in families], pa.string()),
        "head_id": pa.array([str(item.head) if item.head else None for item in families], pa.string()),
        "household_row": pa.array(range(household_row, household_row + len(families)), pa.int32()),
        "head_row": pa.array(_head_rows(families, person_row), pa.int32()),
        "area": pa.array([item.area or None for item in families], pa.string()),
    }
    for (entity, name), kind in facts.items():
        if entity == "household" and name not in columns:
            said = [_declared(family, family.household, f"household.{name}", kind) for family in families]
            columns[name] = pa.array([value for value, _why in said], arrow_type(kind))
            columns[f"{name}__why"] = pa.array([why for _value, why in said], pa.int8())
    columns["slice"] = pa.array(slices, pa.int32())
    return pa.table(columns)


def _head_rows(families: Sequence[Family], first: int) -> list[int | None]:
    rows: list[int | None] = []
    for family in families:
        ids = [subject.person.id for subject in family.subjects]
        rows.append(first + ids.index(family.head) if family.head in ids else None)
        first += len(ids)
    return rows


def person_table(lines: Sequence[Line], facts: Facts, why: Mapping[str, Sequence[int | None]]) -> pa.Table:
    """persons.parquet: ids, rows, membership, registry and declared facts, `<record>__why`, slice."""
    columns: dict[str, pa.Array] = {
        "household_id": pa.array([str(line.family.household) for line in lines], pa.string()),
        "person_id": pa.array([str(line.subject.person.id) for line in lines], pa.string()),
        "household_row": pa.array([line.household_row for line in lines], pa.int32()),
        "person_row": pa.array([line.person_row for line in lines], pa.int32()),
        "member": pa.array([line.subject.member for line in lines], pa.bool_()),
    }
    for (entity, name), kind in facts.items():
        if entity == "person" and name not in columns:
            values, reasons = _person_column(lines, name, kind)
            columns[name] = pa.array(values, arrow_type(kind))
            columns[f"{name}__why"] = pa.array(reasons, pa.int8())
    for record, missing in why.items():
        columns[f"{record}__why"] = pa.array(missing, pa.int8())
    columns["slice"] = pa.array([line.slice for line in lines], pa.int32())
    return pa.table(columns)


def _person_column(lines: Sequence[Line], name: str, kind: Kind) -> tuple[list[Any], list[int | None]]:
    read = PERSON_FACTS.get(name)
    values, reasons = [], []
    for family, subject, *_ in lines:
        if read is not None:
            value = stored(read(subject), kind)
            why = WHY["not_answered"] if value is None else None
        else:
            value, why = _declared(family, subject.person.id, f"person.{name}", kind)
        values.append(value)
        reasons.append(why)
    return values, reasons


def _declared(family: Family, subject: uuid.UUID, qualified: str, kind: Kind) -> tuple[Any, int | None]:
    """(value, why it is missing)."""
    said = family.declared.get(subject)
    if said is None or qualified not in said:
        return None, WHY["never_asked"]
    value = stored(declared_fact(said[qualified], kind.codes), kind)
    return value, WHY["not_answered"] if value is None else None
