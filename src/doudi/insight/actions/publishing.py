"""Deciding once what of a simulation may leave its area; asked again, the answer is the same."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.insight.logic.protected import publishable, told
from doudi.insight.logic.protected_money import money_told
from doudi.insight.models import PublishedTable, SimulationRun
from doudi.insight.queries.publishing import published_before, published_of

_LOCK = 0x646F756469
"""Two tables of one place are decided one after the other: each knows what the other tells."""


@transaction.atomic
def publish_simulation(*, actor: Actor, at: datetime.datetime, run: SimulationRun) -> Mapping[str, Any]:
    """The totals of a finished run with None for what may not be told."""
    assert run.result is not None
    held = published_of(run)
    if held is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK & 0x7FFFFFFF, run.place])
        held = published_of(run) or _decided(actor, at, run)
    return told(run.result, held.counts, frozenset(held.money))


def _decided(actor: Actor, at: datetime.datetime, run: SimulationRun) -> PublishedTable:
    assert run.result is not None
    before = published_before(run)
    counts = publishable(run.result, before)
    made = PublishedTable.objects.create(
        simulation=run, counts=counts, money=sorted(money_told(run.result, counts, before)), at=at
    )
    record_act(
        actor=actor, verb="insight.publish_simulation", subjects=[("simulation", run.id), ("area", run.place)], at=at,
        count=len(counts), digest=sha256(json.dumps(counts, sort_keys=True).encode()).hexdigest(),
    )  # fmt: skip
    return made
