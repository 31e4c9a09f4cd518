"""Applications that have ended, and since when: the last step, or the end of the help that came of it, if later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, Subquery

from doudi.cases.models import Application, CourseStep
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
    for row in rows:
        members = tuple(
            Membership.objects.filter(household=row.household_id).values_list("person_id", flat=True).distinct()
        )
        labels = Label.objects.filter(Q(household=row.household_id) | Q(person__in=members))
        ends = list(labels.values_list("to_on", flat=True))
        if None in ends:
            continue  # help goes on
        ended_on = max([row.last_step, *ends])
        if ended_on <= limit:
            yield Ended(row.id, row.number, row.household_id, row.applicant_id, members, ended_on)


def is_busy() -> Exists:
    """Whether a person (outer query) is in an application that somebody still works on, or has help."""
    open_ones = Application.objects.exclude(state__in=CLOSED)
    living = Membership.objects.filter(person=OuterRef("pk"), household__in=open_ones.values("household"))
    return Exists(living)


def has_help() -> Exists:
    """Whether a label of a person (outer query) has no end."""
    return Exists(Label.objects.filter(person=OuterRef("pk"), to_on__isnull=True))
