"""What apps add: how what is due under a rule is found and erased, and what a resident's copy of own data tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from doudi.core.sockets import Socket

Subject = tuple[str, str]
"""A kind (person, household, application, delivery …) and an opaque id, as in the audit log."""


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due: its key, and everybody whose legal hold would keep it."""

    key: str
    subjects: tuple[Subject, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """How one rule is carried out in one app: `due` is asked with the last moment that is due and the day, `erase` is
    called inside a transaction with keys of what it found.
    """

    rule: str
    due: Callable[[date, date], Iterable[Due]]
    erase: Callable[[Sequence[str], datetime], int]


duties: Socket[Duty] = Socket("keeping_duties")
"""Filled by callables () -> Duties."""

held_with: Socket[Subject] = Socket("keeping_held_with")
"""Filled by callables (subjects under a hold) -> further subjects that are held with them: a household's people.
A person among those held with a person alone is another record of the same, since two were merged.
"""

areas_of: Socket[str] = Socket("keeping_areas_of")
"""Filled by callables (kind, id) -> codes of the areas that a subject belongs to, as far as they are seen."""


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One line of a resident's copy: what, its content, who said it, since when."""

    what: str
    content: str
    said_by: str = ""
    since: date | None = None
    kind: str = ""
    """The class of personal data it is of by the access policy, if any; `masked` is what the others see of it."""
    masked: str = ""


@dataclass(frozen=True, slots=True)
class CopySection:
    """One part of a resident's copy; lower `order` first."""

    title: str
    lines: tuple[CopyLine, ...] = field(repr=False)
    order: int = 100


copy_sections: Socket[CopySection] = Socket("keeping_copy_sections")
"""Filled by callables (person id, day, language) -> CopySections."""
