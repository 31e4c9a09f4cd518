"""What sources erase when its time is over: originals, rows set aside, and what the lake holds of a delivery."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from doudi.keeping.logic.duties import Due, Duty, duties
from doudi.lib.months import add_months
from doudi.lib.working_days import day_of
from doudi.sources.actions.keeping import unlink_later
from doudi.sources.lake import deliveries_in, lock, rewritten_without
from doudi.sources.models import Delivery, LakeFile, QuarantinedRow, WaitingRow
from doudi.sources.places import original_path, people_path
from doudi.sources.queries.agreements import feeds


@duties.fill
def source_duties() -> Iterable[Duty]:
    """Originals; the duties of the lake and of rows set aside are filled where persons' keys are known."""
    yield Duty("originals", _originals, _erase_originals)


def _originals(limit: date, _today: date) -> Iterator[Due]:
    rows = Delivery.objects.filter(has_original=True).order_by("received_at", "id")
    yield from (Due(str(own)) for own, at in rows.values_list("id", "received_at") if day_of(at) <= limit)


def _erase_originals(keys: Sequence[str], _at: datetime) -> int:
    ids = [UUID(key) for key in keys]
    unlink_later([original_path(own) for own in ids])
    return Delivery.objects.filter(pk__in=ids).update(has_original=False)


def rows_aside_due(limit: date, today: date) -> Iterator[Due]:
    """Old deliveries of which rows are still set aside or waiting."""
    aside = {*QuarantinedRow.objects.values_list("delivery_id", flat=True).distinct(),
             *WaitingRow.objects.values_list("delivery_id", flat=True).distinct()}  # fmt: skip
    yield from (Due(str(own)) for own in old_deliveries(limit, today) if own in aside)


def erase_rows_aside(keys: Sequence[str], held: Collection[UUID]) -> int:
    """Rows set aside of deliveries, but those of keys that are held."""
    ids = [UUID(key) for key in keys]
    gone = QuarantinedRow.objects.filter(delivery__in=ids).exclude(person_key__in=list(held)).delete()[0]
    return gone + WaitingRow.objects.filter(delivery__in=ids).delete()[0]


def old_deliveries(limit: date, today: date) -> list[UUID]:
    """Accepted deliveries received on the last due day or before; a feed's own agreement may say a shorter time."""
    agreed = {name: feed.retention_months for name, feed in feeds().items() if feed.retention_months}
    found = []
    for own, feed, at in (
        Delivery.objects.filter(state="accepted").order_by("received_at", "id").values_list("id", "feed", "received_at")
    ):
        months = agreed.get(feed)
        received = day_of(at)
        if received <= limit or (months and add_months(received, months) <= today):
            found.append(own)
    return found


def lake_deliveries_due(limit: date, today: date) -> list[UUID]:
    """Old deliveries of which the lake still holds rows."""
    old = set(old_deliveries(limit, today))
    return [own for held in LakeFile.objects.order_by("feed") for own in deliveries_in(held) if own in old]


@transaction.atomic
def erase_from_lake(keys: Sequence[str], held: Collection[UUID], at: datetime) -> int:
    """Rows of deliveries go from the lake, but those of person keys that are held; side files of people go, too."""
    ids, gone = {UUID(key) for key in keys}, 0
    for file in LakeFile.objects.order_by("feed"):
        lock(file.feed)
        if ids & set(deliveries_in(file)):
            gone += rewritten_without(file, ids, held, at)
    for own in ids:
        unlink_later([people_path(own)])
    Delivery.objects.filter(pk__in=ids).update(has_people=False)
    return gone
