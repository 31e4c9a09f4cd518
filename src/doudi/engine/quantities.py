"""A policy resolved for one place: every rule checked, in the order of working out, under one content hash.

Programmes and chains are quantities of the household too, so that every rendering shares them:
`<programme>__eligible` (three-valued), `<programme>__outcome`, `<programme>__amount`; `chain__<chain>__programme`
(a programme or none), `__outcome`, `__pending`, `__amount`. Requirements are `require__<owner>__<name>`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from doudi.engine.errors import Where
from doudi.engine.feeds import Bilingual, Feed
from doudi.engine.tree import Kind, Node
from doudi.engine.vocabulary import (
    Basis,
    ChainDefinition,
    FactDefinition,
    PackageDefinition,
    ParameterValue,
    ProgrammeDefinition,
)

RELATION = "obligor"
"""The relation of a member to those legally obliged to support them: rows of registry and declaration, not of a feed.
What a row says of the other person and their household are facts of this entity (policy/facts: `obligor.x`)."""
OUTCOMES = ("eligible", "not_eligible", "undetermined")


@dataclass(frozen=True, slots=True)
class Record:
    """A record entity: the rows of a feed."""

    name: str
    feed: Feed
    columns: dict[str, FactDefinition]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A named, checked quantity. `given`: a case may state it directly (a fact compiled from rows)."""

    entity: str
    name: str
    kind: Kind
    label: Bilingual
    formula: Node
    basis: tuple[Basis, ...]
    at: Where
    text: str
    yes: Bilingual | None = None
    no: Bilingual | None = None
    not_applicable: Node | None = None
    sensitivity: str = "ordinary"
    given: bool = False
    origin: str = "rule"
    """rule | rows | programme | chain | variant."""
    set_in: str = ""

    @property
    def qualified(self) -> str:
        return f"{self.entity}.{self.name}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter with its values that can hold at this place, most local first."""

    name: str
    kind: Kind
    label: Bilingual
    by: Node | None
    set_by: tuple[str, ...]
    values: tuple[ParameterValue, ...]
    always: bool = False
    """Whether the last of the values holds wherever and whenever nobody has set another: there is no gap."""
    codes: dict[str, Bilingual] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All that is needed to decide at one place. Immutable."""

    place: str
    hash: str
    facts: dict[str, FactDefinition]
    records: dict[str, Record]
    quantities: dict[str, Quantity]
    """By qualified name, in an order in which each needs only earlier ones."""
    parameters: dict[str, Parameter]
    programmes: dict[str, ProgrammeDefinition]
    chains: dict[str, ChainDefinition]
    feeds: dict[str, Feed]
    requirements: dict[str, list[tuple[str, Bilingual]]] = field(default_factory=dict)
    """Owner (programme or chain:<name>) → (name of the requirement's quantity, what is missing)."""
    packages: dict[str, PackageDefinition] = field(default_factory=dict)

    def quantity(self, qualified: str) -> Quantity | None:
        """A quantity by its qualified name."""
        return self.quantities.get(qualified)
