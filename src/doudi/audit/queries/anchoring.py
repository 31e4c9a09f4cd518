"""Whether what was done lately is anchored: under a signed checkpoint that a holder outside has, where there is one.

Told by the database's clock alone, which also said since when an entry waits: what an act claims as its time does not
matter here.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max, Min

from doudi.audit.adapters.holders import holders
from doudi.audit.models import Holding, Leaf, Waiting
from doudi.audit.queries.tree import last_checkpoint

LIMIT = timedelta(minutes=int(os.environ.get("DOUDI_ANCHOR_MINUTES", "15")))
"""How long an entry may be without an anchor before approvals stop. Checkpoints are signed every minute."""
JITTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Anchoring:
    """Since when the oldest entry is without an anchor (None: all are anchored), and whether that is too long."""

    since: datetime | None
    is_overdue: bool


def anchoring() -> Anchoring:
    """How it stands now. A clock set back makes nothing fresh: an entry from the future is overdue, too."""
    known = [one for one in (_oldest_placed(), Waiting.objects.aggregate(since=Min("since"))["since"]) if one]
    if not known:
        return Anchoring(None, False)
    return Anchoring(min(known), is_overdue(since=min(known), at=database_clock()))


def database_clock() -> datetime:
    """This instant, as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
    return at


@dataclass(frozen=True, slots=True)
class Held:
    """What one holder outside has: the size of its newest checkpoint and since when; nothing, where it has none."""

    name: str
    size: int = 0
    at: datetime | None = None


def held_outside() -> list[Held]:
    """Every holder that the house is set up with, as far as it has taken checkpoints."""
    newest = {one.holder: one for one in Holding.objects.order_by("size")}
    names = [holder.name for holder in holders()]
    return [Held(name, newest[name].size, newest[name].at) if name in newest else Held(name) for name in names]


def is_overdue(*, since: datetime, at: datetime) -> bool:
    """Whether an entry that waits since then has waited too long, or comes from the future."""
    return not -JITTER <= at - since <= LIMIT


def _oldest_placed() -> datetime | None:
    """Of the first entry that has a place but no anchor."""
    return Leaf.objects.filter(position=_anchored_size()).values_list("since", flat=True).first()


def _anchored_size() -> int:
    """How many entries are under an anchor."""
    names = [holder.name for holder in holders()]
    if not names:
        newest = last_checkpoint()
        return newest.size if newest else 0
    return int(Holding.objects.filter(holder__in=names).aggregate(size=Max("size"))["size"] or 0)
