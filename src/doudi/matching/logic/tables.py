"""Families as Arrow tables: the columns of a snapshot's households and persons."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

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


def household_table(families: Sequence[Family], facts: Facts, slices: Sequence[int]) -> pa.Table:
    """households.parquet: id, head, area, declared facts and why they are missing, slice."""
    columns: dict[str, pa.Array] = {
        "household_id": pa.array([str(item.household) for item in families], pa.string()),
        "head_id": pa.array([str(item.head) if item.head else None for item in families], pa.string()),
        "area": pa.array([item.area or None for item in families], pa.string()),
    }
    for (entity, name), kind in facts.items():
        if entity == "household" and name not in columns:
            said = [_declared(family, family.household, f"household.{name}", kind) for family in families]
            columns[name] = pa.array([value for value, _why in said], arrow_type(kind))
            columns[f"{name}__why"] = pa.array([why for _value, why in said], pa.int8())
    columns["slice"] = pa.array(slices, pa.int32())
    return pa.table(columns)


def person_table(
    lines: Sequence[tuple[Family, Subject, int]], facts: Facts, why: Mapping[str, Sequence[int | None]]
) -> pa.Table:
    """persons.parquet: ids, membership, registry and declared facts, `<record>__why`, slice."""
    columns: dict[str, pa.Array] = {
        "household_id": pa.array([str(family.household) for family, _subject, _slice in lines], pa.string()),
        "person_id": pa.array([str(subject.person.id) for _family, subject, _slice in lines], pa.string()),
        "member": pa.array([subject.member for _family, subject, _slice in lines], pa.bool_()),
    }
    for (entity, name), kind in facts.items():
        if entity == "person" and name not in columns:
            values, reasons = _person_column(lines, name, kind)
            columns[name] = pa.array(values, arrow_type(kind))
            columns[f"{name}__why"] = pa.array(reasons, pa.int8())
    for record, missing in why.items():
        columns[f"{record}__why"] = pa.array(missing, pa.int8())
    columns["slice"] = pa.array([part for _family, _subject, part in lines], pa.int32())
    return pa.table(columns)


def _person_column(
    lines: Sequence[tuple[Family, Subject, int]], name: str, kind: Kind
) -> tuple[list[Any], list[int | None]]:
    read = PERSON_FACTS.get(name)
    values, reasons = [], []
    for family, subject, _slice in lines:
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
