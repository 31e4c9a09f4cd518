"""Rows of a register or of a ledger as people and households to be registered. No row is put to a person by name."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from doudi.engine.feeds import Feed
from doudi.registry.logic.newcomers import NewHousehold, NewPerson

HEAD = "户主"
LEDGER_NAMES = {"money": "amount", "month": "from_month", "date": "from_month", "area": "area"}
"""What a ledger's first column of a type says."""


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A row with the person it belongs to; `people` are those named in one of its cells, as (number, name)."""

    number: str
    name: str
    people: tuple[tuple[str, str], ...]
    values: Mapping[str, Any]


def canonical(feed: Feed, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row's values; in a ledger also under the names registering reads: amount, from_month, area."""
    values = {column.name: row.get(column.name) for column in feed.columns}
    if any(column.role == "people" for column in feed.columns):
        for column in feed.columns:
            name = LEDGER_NAMES.get(column.type)
            if name is not None:
                values.setdefault(name, row.get(column.name))
    return values


def people_of_register(rows: Iterable[NamedRow]) -> list[NewPerson]:
    """One person per number; the first row counts."""
    found: dict[str, NewPerson] = {}
    for row in rows:
        found.setdefault(row.number, _registered_person(row))
    return list(found.values())


def _registered_person(row: NamedRow) -> NewPerson:
    values = row.values
    return NewPerson(
        number=row.number,
        name=row.name,
        ethnicity=values.get("ethnicity") or "",
        hukou_type=values.get("hukou_type") or "",
        area_code=values.get("area") or "",
        state=values.get("state") or "",
        state_on=values.get("state_on"),
    )


def households_of_register(rows: Iterable[NamedRow], ids: Mapping[str, uuid.UUID]) -> list[NewHousehold]:
    """Register households with the members whose numbers are usable; without its head's row a household has no head.

    The area is the head's; without a head, that of all members if they agree.
    """
    grouped: dict[str, dict[str, NamedRow]] = {}
    for row in rows:
        if row.values.get("household_no"):
            grouped.setdefault(row.values["household_no"], {}).setdefault(row.number, row)
    return [_register_household(number, list(members.values()), ids) for number, members in grouped.items()]


def _register_household(number: str, rows: Sequence[NamedRow], ids: Mapping[str, uuid.UUID]) -> NewHousehold:
    heads = [row for row in rows if row.values.get("relation") == HEAD]
    head = heads[0] if len(heads) == 1 else None
    areas = {row.values.get("area") or "" for row in ([head] if head else rows)}
    return NewHousehold(
        number=number,
        area_code=areas.pop() if len(areas) == 1 else "",
        head=ids[head.number] if head else None,
        members=tuple((ids[row.number], row.values.get("relation") or "") for row in rows),
    )


@dataclass(frozen=True, slots=True)
class LedgerFamily:
    """A family that already receives: its people, since when, how much a month."""

    head: str
    area_code: str
    members: tuple[str, ...]
    from_on: datetime.date
    amount: Decimal | None


def people_of_ledger(rows: Iterable[NamedRow]) -> list[NewPerson]:
    """Everybody named with a number in a ledger; names only fill what no register has said."""
    found: dict[str, NewPerson] = {}
    for row in rows:
        for number, name in ((row.number, row.name), *row.people):
            found.setdefault(number, NewPerson(number, name))
    return list(found.values())


def families_of_ledger(rows: Iterable[NamedRow], default_from: datetime.date) -> list[LedgerFamily]:
    """One family per row, its head first; members without a usable number are not among them."""
    families = []
    for row in rows:
        members = dict.fromkeys([number for number, _name in row.people] or [row.number])
        families.append(
            LedgerFamily(
                head=row.number,
                area_code=row.values.get("area") or "",
                members=tuple(members),
                from_on=row.values.get("from_month") or default_from,
                amount=row.values.get("amount"),
            )
        )
    return families
