"""Those legally obliged to support a person, as the family names them: who, what kin, where, and the facts asked."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

RELATIONS = ("child", "parent", "spouse", "grandchild", "grandparent", "sibling")
"""What the obligor is to the person (民法典 1043, 1067, 1074, 1075): codes, shown through gettext."""


@dataclass(frozen=True, slots=True)
class Obligor:
    """One person obliged. `facts` maps names of facts (without entity) to canonical text, None where not known."""

    id: uuid.UUID
    name: str = field(repr=False)
    relation: str
    residence: str = field(default="", repr=False)
    facts: Mapping[str, str | None] = field(default_factory=dict, repr=False)


def to_data(obligors: Iterable[Obligor]) -> list[dict[str, Any]]:
    """As JSON data."""
    return [
        {
            "id": str(one.id),
            "name": one.name,
            "relation": one.relation,
            "residence": one.residence,
            "facts": dict(one.facts),
        }
        for one in obligors
    ]


def from_data(data: Iterable[Mapping[str, Any]]) -> tuple[Obligor, ...]:
    """From JSON data."""
    return tuple(
        Obligor(uuid.UUID(one["id"]), one["name"], one["relation"], one["residence"], dict(one["facts"]))
        for one in data
    )
