"""The diligence sheet (尽职) of an application: what was checked, when, by whom, with which answer. It protects the
honest clerk: whoever asks later sees what could be known on the day, from the log and the checks as they were.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from doudi.audit.queries import entries_about
from doudi.audit.queries.tree import last_checkpoint, places_of
from doudi.audit.queries.words import word_of
from doudi.cases.models import Application
from doudi.core.row_context import reading_log
from doudi.rulebook.queries import by_hash
from doudi.verification.models import Answer, Check
from doudi.verification.queries import checks_for_application

LOOKS = ("seen",)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one source answered about the family: its state, how many people it speaks of, up to which day."""

    label: str
    states: tuple[tuple[str, str, int], ...]
    """(state, words, people)."""
    data_on: date | None
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class Checked:
    """One check with every source that was asked."""

    id: uuid.UUID
    as_of: date
    requested_at: datetime
    requested_by: str
    answered_at: datetime | None
    concluded_at: datetime | None
    concluded_by: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """One entry of the log about the application."""

    at: datetime
    name: str
    role: str
    words: str
    outcome: str
    reason: str
    mark: str
    place: int | None
    is_signed: bool


@dataclass(frozen=True, slots=True)
class DiligenceSheet:
    """Everything, the first first; looks are counted, not listed."""

    checks: tuple[Checked, ...]
    acts: tuple[Act, ...]
    looks: int


def diligence_of(application: Application, lang: str) -> DiligenceSheet:
    """The sheet of an application. Who may see it is asked in `access`; the caller records the look."""
    checks = tuple(_checked(check, lang) for check in checks_for_application(application.number))
    with reading_log("the sheet of an application tells what was done for it"):
        rows = list(entries_about("application", [application.id]).reverse())
    acts = [row for row in rows if row.outcome not in LOOKS]
    places, newest = places_of(row.id for row in acts), last_checkpoint()
    signed = newest.size if newest is not None else 0
    return DiligenceSheet(
        checks,
        tuple(
            Act(
                row.at, row.actor_name, row.role, word_of(row.verb), row.outcome, row.reason, row.mark,
                places.get(row.id), places.get(row.id, signed) < signed,
            )
            for row in acts
        ),
        len(rows) - len(acts),
    )  # fmt: skip


def _checked(check: Check, lang: str) -> Checked:
    book, answers = by_hash(check.rulebook_hash), list(check.answers.order_by("feed", "seq"))
    feeds = dict.fromkeys(row.feed for row in answers)
    return Checked(
        check.id,
        check.as_of,
        check.requested_at,
        check.requested_by_name,
        check.answered_at,
        check.concluded_at,
        check.concluded_by_name,
        tuple(_asked(book.feeds[feed].label[lang], [row for row in answers if row.feed == feed]) for feed in feeds),
    )


def _asked(label: str, rows: list[Answer]) -> Asked:
    states = dict.fromkeys(row.state for row in rows)
    counted = tuple(
        (state, str(Answer.State(state).label), sum(row.state == state for row in rows)) for state in sorted(states)
    )
    days, instants = (
        [one for one in found if one] for found in zip(*((r.data_on, r.received_at) for r in rows), strict=True)
    )
    return Asked(label, counted, min(days, default=None), max(instants, default=None))
