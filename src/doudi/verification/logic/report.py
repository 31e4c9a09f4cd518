"""The verification report as plain data, in one language and at one level. Made in `queries`.

Level `township` stops at totals, and at over or under for whatever comes from banks; `officer` goes down to the rows.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

TONES = ("ok", "soon", "late", "info")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source: how it stands for the family as a whole."""

    feed: str
    label: str
    supplier: str
    data_on: datetime.date | None
    received_at: datetime.datetime | None
    state: str
    state_label: str
    tone: str
    striking: bool
    """Something about it needs a look: a limit exceeded, something found besides what was declared."""
    unclear: bool
    """A limit that it alone answers for is neither kept nor exceeded for certain."""
    rows: int | None
    """Rows found about the family; None where the level does not show it."""
    note: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One source about one person."""

    feed: str
    label: str
    state: str
    state_label: str
    reason_label: str
    tone: str
    rows: int | None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person with every source's answer; the number is masked."""

    id: uuid.UUID
    name: str
    number_masked: str
    is_member: bool
    cells: tuple[Cell, ...]

    @property
    def answered(self) -> tuple[Cell, ...]:
        """Sources with records."""
        return tuple(cell for cell in self.cells if cell.state == "answered")

    @property
    def empty(self) -> tuple[Cell, ...]:
        """Sources that looked and found nothing."""
        return tuple(cell for cell in self.cells if cell.state == "nothing_found")

    @property
    def silent(self) -> tuple[Cell, ...]:
        """Sources that did not answer or may not be asked."""
        return tuple(cell for cell in self.cells if cell.state not in ("answered", "nothing_found"))


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One thing declared, or one limit, against what was found."""

    subject: str
    label: str
    whose: str
    declared: str
    found: tuple[str, ...]
    state: str
    state_label: str
    tone: str


@dataclass(frozen=True, slots=True)
class TotalLine:
    """One figure of the family."""

    label: str
    value: str
    known: bool


@dataclass(frozen=True, slots=True)
class GapLine:
    """A missing answer: of which source, about whom, why, and what to do next."""

    feed: str
    label: str
    people: tuple[str, ...]
    state: str
    reason: str
    reason_label: str
    next_step: str


@dataclass(frozen=True, slots=True)
class FoundTable:
    """The rows of one source about one person, as they stand in the delivery. The officer's level only."""

    person: str
    label: str
    data_on: datetime.date | None
    received_at: datetime.datetime | None
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One check, said in words."""

    check: uuid.UUID
    household: uuid.UUID
    application: str
    as_of: datetime.date
    area_code: str
    family: str
    level: str
    lang: str
    state: str
    state_label: str
    opening: str
    sources: tuple[SourceLine, ...]
    people: tuple[PersonLine, ...]
    compared: tuple[ComparedLine, ...]
    totals: tuple[TotalLine, ...]
    gaps: tuple[GapLine, ...]
    rows: tuple[FoundTable, ...]
    requested_by: str
    requested_at: datetime.datetime
    answered_at: datetime.datetime | None
    concluded_by: str
    concluded_at: datetime.datetime | None
    remark: str
    conclusion_digest: str
    inputs_digest: str
    rulebook_hash: str
    inputs_kept: bool
    newer: uuid.UUID | None
