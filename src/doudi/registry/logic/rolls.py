"""Rolls: households as of a day in flat rows, as cases and snapshots are built from them."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import NamedTuple


class RollPerson(NamedTuple):
    """What the registry itself knows of a person."""

    id: uuid.UUID
    born_on: datetime.date | None
    sex: str
    ethnicity: str
    hukou_type: str
    area: str
    state: str


class RollMember(NamedTuple):
    """One line of a roll."""

    household: uuid.UUID
    person: RollPerson
    relation: str


@dataclass(frozen=True, slots=True)
class Roll:
    """Households as of a day: members in their order, heads, areas; heads who are no members are in `outside`."""

    members: dict[uuid.UUID, list[RollMember]]
    heads: dict[uuid.UUID, uuid.UUID]
    areas: dict[uuid.UUID, str]
    kinds: dict[uuid.UUID, str]
    outside: dict[uuid.UUID, RollPerson]
