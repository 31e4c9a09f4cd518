"""The impact of a draft: its rulebook beside the one in force, over everyone, written back to the draft."""

from __future__ import annotations

import datetime
import json
import shutil
from hashlib import sha256

from django.conf import settings

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.engine.simulate import simulate
from doudi.insight.actions.running import MEMORY
from doudi.insight.queries.starting import usual_day
from doudi.matching.actions import snapshot_for
from doudi.rulebook.actions import record_impact
from doudi.rulebook.queries import draft_rulebooks


def reckon_impact(*, actor: Actor, at: datetime.datetime, draft: str, today: datetime.date) -> None:
    """Simulate a draft on the data there are, with the figures of the day it begins; the draft keeps the totals."""
    books = draft_rulebooks(draft, today=today)
    as_of = usual_day(books.place, today)
    snapshot = snapshot_for(
        actor=actor, at=at, place=books.place, as_of=as_of, rulebook=books.current, folder=settings.HOME / "snapshots"
    )
    folder = settings.HOME / "simulations" / f"draft-{draft}-{books.digest[:12]}"
    try:
        found = simulate(
            books.current, books.drafted, snapshot, folder, as_of=as_of,
            figures_on=max(as_of, books.effective_on), memory_limit=MEMORY,
        )  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    impact = found.to_json()
    record_impact(actor=actor, draft_id=draft, impact=impact, at=at, digest=books.digest)
    record_act(
        actor=actor, verb="insight.simulate", subjects=[("draft", draft), ("area", books.place)], at=at,
        count=found.households + found.errors,
        digest=sha256(json.dumps(impact, ensure_ascii=False, sort_keys=True).encode()).hexdigest(),
    )  # fmt: skip
