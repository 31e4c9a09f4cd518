"""The impact of a draft: its rulebook beside the one in force, over everyone, written back to the draft."""

from __future__ import annotations

import datetime
import json
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.engine.simulate import simulate
from doudi.insight.actions.problems import problem_of
from doudi.insight.actions.running import MEMORY
from doudi.insight.logic.counties import taken_together
from doudi.insight.queries.starting import usual_day
from doudi.matching.actions import snapshot_for
from doudi.registry.queries import screened_households
from doudi.rulebook.actions import record_impact
from doudi.rulebook.models import Draft
from doudi.rulebook.queries import draft_rulebooks, places_reckoned, waiting_draft

COUNTY = 6
NOBODY = {
    "zh": "登记里还没有这里的家庭，没有数据可算。",
    "en": "No family of this county is in the register yet: there is nothing to work it out from.",
}


def reckon_impact(*, actor: Actor, at: datetime.datetime, draft: str, today: datetime.date) -> None:
    """Simulate a draft on the data there are, with the figures of the day from which all it changes holds; the draft
    keeps the totals.

    Above counties it is worked out county by county. What cannot be worked out is told to the draft as well:
    somebody waits for an answer.
    """
    try:
        found = waiting_draft(draft)
        digest, impact = found.digest, _impact(actor, at, found, today)
    except Exception as error:  # nobody foresaw some of them; somebody waits all the same
        digest, impact = "", {"problem": problem_of(error)}
    record_impact(actor=actor, draft_id=draft, impact=impact, at=at, digest=digest)
    record_act(
        actor=actor, verb="insight.simulate", subjects=[("draft", draft)], at=at,
        count=impact.get("households", 0) + impact.get("errors", 0),
        digest=sha256(json.dumps(impact, ensure_ascii=False, sort_keys=True).encode()).hexdigest(),
    )  # fmt: skip


def _impact(actor: Actor, at: datetime.datetime, draft: Draft, today: datetime.date) -> dict[str, Any]:
    """What the simulation says: of the one place, or of all counties together and each."""
    places = places_reckoned(draft)
    as_of = usual_day(draft.place, today)
    if places == (draft.place,) or len(draft.place) >= COUNTY:
        return _simulated(actor, at, draft, places[0], as_of)
    known: dict[str, dict[str, Any]] = {}
    unknown: dict[str, dict[str, str]] = {}
    for place in places:
        if not screened_households(as_of, place):
            unknown[place] = dict(NOBODY)
            continue
        try:
            known[place] = _simulated(actor, at, draft, place, as_of)
        except Exception as error:  # the other counties are known all the same
            unknown[place] = problem_of(error)
    return taken_together(known, unknown)


def _simulated(actor: Actor, at: datetime.datetime, draft: Draft, place: str, as_of: datetime.date) -> dict[str, Any]:
    """The draft at one place, over the households there."""
    books = draft_rulebooks(draft, place, today=as_of)
    snapshot = snapshot_for(
        actor=actor, at=at, place=books.place, as_of=as_of, rulebook=books.current, folder=settings.HOME / "snapshots"
    )
    beside = settings.HOME / "simulations"
    beside.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f"draft-{draft.id}-{place}-", dir=beside, ignore_cleanup_errors=True) as folder:
        figures_on = max(as_of, books.all_in_force_on)
        found = simulate(
            books.current,
            books.drafted,
            snapshot,
            Path(folder),
            as_of=as_of,
            figures_on=figures_on,
            memory_limit=MEMORY,
        )
        said = found.to_json()
        unset = {name: dict(books.drafted.programmes[name].label) for name in said["left_out"]}
        return {**said, "figures_on": figures_on.isoformat(), "unset": unset}
