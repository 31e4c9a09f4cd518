"""The impact of a draft: its rulebook beside the one in force, over everyone, written back to the draft."""

from __future__ import annotations

import datetime
import json
import shutil
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils.translation import override

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import DoudiError
from doudi.engine.errors import EngineError
from doudi.engine.simulate import simulate
from doudi.insight.actions.running import MEMORY
from doudi.insight.queries.starting import usual_day
from doudi.matching.actions import snapshot_for
from doudi.rulebook.actions import record_impact
from doudi.rulebook.queries import draft_rulebooks


def reckon_impact(*, actor: Actor, at: datetime.datetime, draft: str, today: datetime.date) -> None:
    """Simulate a draft on the data there are, with the figures of the day it begins; the draft keeps the totals.

    What cannot be simulated is told to the draft as well: somebody waits for an answer.
    """
    try:
        digest, impact, count = _simulated(actor, at, draft, today)
    except (DoudiError, EngineError) as error:
        digest, impact, count = "", {"problem": _said(error)}, 0
    record_impact(actor=actor, draft_id=draft, impact=impact, at=at, digest=digest)
    record_act(
        actor=actor, verb="insight.simulate", subjects=[("draft", draft)], at=at, count=count,
        digest=sha256(json.dumps(impact, ensure_ascii=False, sort_keys=True).encode()).hexdigest(),
    )  # fmt: skip


def _simulated(
    actor: Actor, at: datetime.datetime, draft: str, today: datetime.date
) -> tuple[str, dict[str, Any], int]:
    """Which text of the draft it was, the result, and how many households were looked at."""
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
    return books.digest, found.to_json(), found.households + found.errors


def _said(error: DoudiError | EngineError) -> dict[str, str]:
    """Why not, in both languages."""
    if isinstance(error, EngineError):
        return {lang: error.message(lang) for lang in ("zh", "en")}
    said = {}
    for lang, tag in (("zh", "zh-hans"), ("en", "en")):
        with override(tag):
            said[lang] = str(error.message)
    return said
