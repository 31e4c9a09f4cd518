"""Applications that have ended, and since when: the last step, or the end of the help that came of it, if later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, Subquery

from doudi.cases.models import Application, CourseStep
from doudi.registry.logic.batches import chunks
from doudi.registry.models import Label, Membership

CLOSED = ("reviewed", "returned")
"""States in which nobody has anything to do, once nothing has happened for years."""


@dataclass(frozen=True, slots=True)
class Ended:
    """One application, when it ended, and everybody in it."""

    id: UUID
    number: str
    household: UUID
    applicant: UUID
    members: tuple[UUID, ...]
    ended_on: date

    def subjects(self) -> tuple[tuple[str, str], ...]:
        """Whoever is held keeps it."""
        people = {self.applicant, *self.members}
        return (
            ("application", str(self.id)), ("household", str(self.household)), *(("person", str(p)) for p in people)
        )  # fmt: skip


def ended_by(limit: date) -> Iterator[Ended]:
    """Applications that ended on a day or before, and of whose family nobody has help any more."""
    steps = CourseStep.objects.filter(application=OuterRef("pk")).order_by().values("application")
    last = steps.annotate(last=Max("on")).values("last")
    rows = Application.objects.filter(state__in=CLOSED).annotate(last_step=Subquery(last))
    rows = rows.filter(last_step__lte=limit).order_by("applied_on", "id")
    for part in chunks(list(rows)):
        yield from _ended_of(part, limit)


def _ended_of(rows: Sequence[Application], limit: date) -> Iterator[Ended]:
    """Those of some applications whose help has ended, too."""
    members: dict[UUID, set[UUID]] = defaultdict(set)
    living = Membership.objects.filter(household__in=[row.household_id for row in rows])
    for household, person in living.values_list("household_id", "person_id"):
        members[household].add(person)
    people = {person for those in members.values() for person in those}
    labels = Label.objects.filter(Q(household__in=list(members)) | Q(person__in=people))
    ends: dict[UUID, list[date | None]] = defaultdict(list)
    for household, one, to_on in labels.values_list("household_id", "person_id", "to_on"):
        ends[household or one].append(to_on)
    for row in rows:
        own = sorted(members[row.household_id])
        found = [end for subject in (row.household_id, *own) for end in ends[subject]]
        days = [end for end in found if end is not None]
        if len(days) < len(found):
            continue  # help goes on
        ended_on = max([row.last_step, *days])  # type: ignore[attr-defined]
        if ended_on <= limit:
            yield Ended(row.id, row.number, row.household_id, row.applicant_id, tuple(own), ended_on)


def is_busy() -> Exists:
    """Whether a person (outer query) is in an application that somebody still works on, or has help."""
    open_ones = Application.objects.exclude(state__in=CLOSED)
    living = Membership.objects.filter(person=OuterRef("pk"), household__in=open_ones.values("household"))
    return Exists(living)


def has_help() -> Exists:
    """Whether a label of a person (outer query) has no end."""
    return Exists(Label.objects.filter(person=OuterRef("pk"), to_on__isnull=True))
