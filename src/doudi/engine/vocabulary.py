"""What a policy declares, as frozen dataclasses: facts, rules, parameters, programmes, chains. Formulas are still
text here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from doudi.engine.errors import Where
from doudi.engine.feeds import Bilingual
from doudi.engine.grammar import Source
from doudi.engine.tree import Kind

LEVELS = {0: "nation", 2: "province", 4: "prefecture", 6: "county", 9: "township", 12: "village"}


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a rule comes from; `sample` marks what is not sure (shown as a sample everywhere)."""

    document: str
    number: str = ""
    article: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class FromRows:
    """A fact compiled from feed rows. `value` is sum(x) | count | count_distinct(x) | latest(x by y) | exists |
    min(x) | max(x).
    """

    feed: str
    value: Source
    where: Source | None
    window_column: str | None
    window_months: int
    absent: str


@dataclass(frozen=True, slots=True)
class FactDefinition:
    """A fact: known from the registry, declared, a record's column, or compiled from rows."""

    entity: str
    name: str
    kind: Kind
    label: Bilingual
    meaning: Bilingual
    source: str
    at: Where
    codes: dict[str, Bilingual] = field(default_factory=dict)
    sensitivity: str = "ordinary"
    from_rows: FromRows | None = None

    @property
    def qualified(self) -> str:
        return f"{self.entity}.{self.name}"


@dataclass(frozen=True, slots=True)
class RuleDefinition:
    """A named quantity as written. `codes_from` names the quantity whose code list it uses."""

    entity: str
    name: str
    kind: Kind
    label: Bilingual
    formula: Source
    basis: tuple[Basis, ...]
    at: Where
    yes: Bilingual | None = None
    no: Bilingual | None = None
    not_applicable: Source | None = None
    sensitivity: str | None = None
    codes_from: str | None = None
    set_in: str = ""
    """The place whose rule this is; empty for the national base."""
    set_by: tuple[str, ...] = ()
    """Which levels may replace the rule; empty for any."""

    @property
    def qualified(self) -> str:
        return f"{self.entity}.{self.name}"


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """One dated value for an area (empty: the nation) and, with `by`, one key."""

    area: str
    from_on: date
    to_on: date | None
    key: str | None
    value: Decimal | bool | str | date
    basis: Basis


@dataclass(frozen=True, slots=True)
class ParameterDefinition:
    """A figure that places set: who may set it, by what it differs, its dated values."""

    name: str
    kind: Kind
    label: Bilingual
    by: str | None
    set_by: tuple[str, ...]
    values: tuple[ParameterValue, ...]
    at: Where
    otherwise: ParameterValue | None = None
    """What holds wherever and whenever nobody has set a value, mostly: the rule is off."""
    codes: dict[str, Bilingual] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition tested before anything else; not true makes the result undetermined with `missing` named."""

    name: str
    when: Source
    missing: Bilingual


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a programme's course with its days (working days unless `calendar`)."""

    name: str
    by: str
    days: int
    calendar: bool
    label: Bilingual
    basis: Basis | None


@dataclass(frozen=True, slots=True)
class ProgrammeDefinition:
    """A programme of assistance as written."""

    name: str
    label: Bilingual
    unit: str
    authority: Bilingual
    requires: tuple[Requirement, ...]
    eligible: Source
    amount: Source | None
    recognition: bool
    stages: tuple[Stage, ...]
    materials: tuple[Bilingual, ...]
    basis: tuple[Basis, ...]
    at: Where
    discretion: tuple[str, ...] = ()
    """Choices that a person makes with a reason: qualified names of facts whose source is discretion."""


@dataclass(frozen=True, slots=True)
class ChainDefinition:
    """Programmes tried one after another."""

    name: str
    label: Bilingual
    requires: tuple[Requirement, ...]
    programmes: tuple[str, ...]
    pass_when_missing_only: dict[str, tuple[str, ...]]
    basis: tuple[Basis, ...]
    at: Where


@dataclass(frozen=True, slots=True)
class PackageDefinition:
    """What a recognition opens: the programmes that go with it, in order."""

    name: str
    label: Bilingual
    when: tuple[str, ...]
    """Programmes whose recognition opens the package; any one is enough."""
    programmes: tuple[str, ...]
    basis: tuple[Basis, ...]
    at: Where
