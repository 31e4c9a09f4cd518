"""Permits: opened by a signed authorisation, closed when it ends or is withdrawn."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import Q

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.sources.logic.permits import NewPermit
from doudi.sources.models import Permit


@transaction.atomic
def open_permits(*, actor: Actor, at: datetime.datetime, permits: Sequence[NewPermit]) -> int:
    """Open permits; one with the same feed, key, first day and origin is there already. Returns how many are new."""
    if not permits:
        return 0
    before = Permit.objects.count()
    Permit.objects.bulk_create(
        [
            Permit(
                feed=one.feed,
                person_key=one.person_key,
                from_on=one.from_on,
                to_on=one.to_on,
                origin=one.origin,
                area_code=one.area_code,
                opened_at=at,
            )
            for one in permits
        ],
        ignore_conflicts=True,
        batch_size=2000,
    )
    opened = Permit.objects.count() - before
    record_act(
        actor=actor,
        verb="sources.open_permits",
        subjects=_subjects({one.person_key for one in permits}, {one.feed for one in permits}),
        at=at,
        count=opened,
    )
    return opened


@transaction.atomic
def close_permits(
    *,
    actor: Actor,
    at: datetime.datetime,
    keys: Collection[uuid.UUID],
    feeds: Collection[str],
    on: datetime.date,
    reason: str,
) -> int:
    """From `on` the permits of these keys and feeds are no longer in force; one that had not begun is taken away."""
    open_ones = Permit.objects.filter(person_key__in=keys, feed__in=feeds).filter(
        Q(to_on__isnull=True) | Q(to_on__gte=on)
    )
    unbegun, _by_model = open_ones.filter(from_on__gte=on).delete()
    last = on - datetime.timedelta(days=1)
    closed = open_ones.filter(from_on__lt=on).update(to_on=last, closed_reason=reason[:200])
    record_act(
        actor=actor,
        verb="sources.close_permits",
        subjects=_subjects(set(keys), set(feeds)),
        at=at,
        reason=reason,
        count=closed + unbegun,
    )
    return closed + unbegun


def _subjects(keys: set[uuid.UUID], feeds: set[str]) -> list[tuple[str, object]]:
    return [*(("feed", feed) for feed in sorted(feeds)), *(("person_key", key) for key in sorted(keys))]
