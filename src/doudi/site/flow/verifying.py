"""Checks of all accepted applications against every feed, in batches; what is verified is not checked again."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from doudi.cases.actions import record_verifications
from doudi.cases.models import Application
from doudi.core.actor import Actor
from doudi.site.flow.rulebooks import in_batches
from doudi.verification.actions import CheckRequest, run_checks

Progress = Callable[[int, int], None]
"""(done, of)."""


def verify_accepted(*, actor: Actor, at: datetime.datetime, progress: Progress) -> int:
    """Checks whatever is accepted; how many were checked."""
    waiting = list(Application.objects.filter(state="accepted").order_by("number"))
    done = 0
    for rulebook, batch in in_batches(waiting):
        requests = [CheckRequest(row.household_id, row.applied_on, row.number) for row in batch]
        checks = run_checks(actor=actor, at=at, requests=requests, rulebook=rulebook)
        pairs = zip(batch, checks, strict=True)
        record_verifications(actor=actor, at=at, checks={row.id: check for row, check in pairs})
        done += len(batch)
        progress(done, len(waiting))
    return done
