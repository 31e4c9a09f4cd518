"""Proposals of the engine for all verified applications, and what they were, read again from the stored inputs."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_look
from doudi.cases.actions import assess_many
from doudi.cases.models import Application, Assessment
from doudi.cases.queries.proposals import replayed, stored_case
from doudi.core.actor import Actor
from doudi.core.errors import Missing, Unavailable
from doudi.engine.case import canonical
from doudi.engine.proposal import Proposal
from doudi.engine.replay import keep
from doudi.rulebook.queries import files_of
from doudi.site.flow.rulebooks import in_batches
from doudi.site.flow.verifying import Progress


def decide_verified(*, actor: Actor, at: datetime.datetime, progress: Progress, again: bool = False) -> int:
    """Asks the engine about every verified application not asked about yet (`again`: all); how many were asked."""
    rows = Application.objects.filter(state="verified").order_by("number")
    if not again:
        rows = rows.exclude(pk__in=Assessment.objects.filter(superseded_at=None).values("application_id"))
    waiting, done = list(rows), 0
    for rulebook, batch in in_batches(waiting):
        assess_many(actor=actor, at=at, applications=[row.id for row in batch], rulebook=rulebook)
        done += len(batch)
        progress(done, len(waiting))
    return done


def decide_one(number: str, *, actor: Actor, at: datetime.datetime) -> Decided:
    """The standing proposal of one application, asked for now if there is none yet. The look is recorded."""
    row = Application.objects.filter(number=number).first()
    if row is None:
        raise Missing("site.no_such_application", _("没有这个编号的申请。请核对编号。"))
    if not Assessment.objects.filter(application=row, superseded_at=None).exists():
        ((rulebook, _rows),) = in_batches([row])
        assess_many(actor=actor, at=at, applications=[row.id], rulebook=rulebook)
    record_look(actor=actor, verb="site.decide", subjects=[("application", row.id)], at=at)
    return next(decided([row.id]))


@dataclass(frozen=True, slots=True)
class Decided:
    """One application with what the engine proposed; `proposal` is None where it could not be worked out."""

    application: Application
    assessment: Assessment
    proposal: Proposal | None
    members: tuple[str, ...]
    """Person ids of the family in the order of the application."""


def decided(applications: Sequence[uuid.UUID] | None = None, *, explain: bool = True) -> Iterator[Decided]:
    """Standing proposals by application number, worked out again from the stored inputs and the archived rulebook."""
    rows = Assessment.objects.filter(superseded_at=None).select_related("application")
    if applications is not None:
        rows = rows.filter(application_id__in=list(applications))
    for row in rows.order_by("application__number"):
        people = stored_case(row)["persons"]
        members = tuple(person["id"] for person in people if person.get("member", True))
        yield Decided(row.application, row, replayed(row, explain=explain) if row.problem is None else None, members)


def kept_of(found: Decided) -> bytes:
    """A decided application as a file that can be worked out again anywhere (doudi decide --replay).

    It holds the family's data: the look is recorded by whoever reads the application.
    """
    if found.proposal is None:
        raise Unavailable("site.not_worked_out", _("这份申请没有算出结果，没有可留存的决定。"))
    inputs = canonical(stored_case(found.assessment))
    return keep(inputs, found.proposal, files_of(found.assessment.rulebook_hash))
