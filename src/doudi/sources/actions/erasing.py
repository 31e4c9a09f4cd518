"""What sources erase when its time is over: originals, rows set aside, and what the lake holds of a delivery. Its
duties are filled above, where it is known who is held.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from doudi.core.vault import vault
from doudi.keeping.logic.duties import Due
from doudi.lib.months import add_months
from doudi.lib.working_days import day_of
from doudi.sources.actions.keeping import unlink_later
from doudi.sources.lake import deliveries_in, lock, rewritten_without
from doudi.sources.logic.people import People
from doudi.sources.models import Delivery, LakeFile, QuarantinedRow, WaitingRow
from doudi.sources.places import original_path, people_path, workshop
from doudi.sources.queries.agreements import feeds
from doudi.sources.queries.returned import original_context
from doudi.sources.reading.job import Limits
from doudi.sources.reading.mentions import Search
from doudi.sources.reading.running import Reader
from doudi.sources.sealing import opened


def originals_due(limit: date, _today: date) -> Iterator[Due]:
    """Deliveries whose original was received on the last due day or before."""
    rows = Delivery.objects.filter(has_original=True).order_by("received_at", "id")
    yield from (Due(str(own)) for own, at in rows.values_list("id", "received_at") if day_of(at) <= limit)


def erase_originals(keys: Sequence[str], held: People) -> int:
    """Originals, but those with a row about somebody who is held, and those of which it cannot be told."""
    ids = [UUID(key) for key in keys]
    if held.numbers or held.births:
        with Reader() as reader:
            ids = [own for own in ids if not _is_about(own, held, reader)]
    unlink_later([original_path(own) for own in ids])
    return Delivery.objects.filter(pk__in=ids).update(has_original=False)


def _is_about(delivery: UUID, people: People, reader: Reader) -> bool:
    path = original_path(delivery)
    if not path.exists():
        return False
    with workshop() as folder:
        plain = folder / "original"
        plain.touch(mode=0o600)
        with plain.open("wb") as file:
            file.writelines(opened(path, original_context(delivery)))
        return reader.mentions(Search(str(plain), str(folder), Limits(), people))


def rows_aside_due(limit: date, today: date) -> Iterator[Due]:
    """Deliveries of which rows are still set aside or waiting: old ones, and those that a newer one has replaced."""
    aside = {*QuarantinedRow.objects.values_list("delivery_id", flat=True).distinct(),
             *WaitingRow.objects.values_list("delivery_id", flat=True).distinct()}  # fmt: skip
    replaced = Delivery.objects.filter(state="superseded", pk__in=aside).order_by("received_at", "id")
    due = [*old_deliveries(limit, today), *replaced.values_list("id", flat=True)]
    yield from (Due(str(own)) for own in due if own in aside)


def erase_rows_aside(keys: Sequence[str], held: Collection[UUID], people: People) -> int:
    """Rows set aside of deliveries, but those of keys that are held, and those that are about somebody who is held
    where no key says whose they are.
    """
    ids, gone = [UUID(key) for key in keys], 0
    without_key = (WaitingRow.objects.all(), QuarantinedRow.objects.filter(person_key=None))
    for rows in without_key:
        found = rows.filter(delivery__in=ids)
        kept = [row.pk for row in found if people.are_in(_cells(row))] if people.numbers or people.births else []
        gone += found.exclude(pk__in=kept).delete()[0]
    keyed = QuarantinedRow.objects.filter(delivery__in=ids, person_key__isnull=False)
    return gone + keyed.exclude(person_key__in=list(held)).delete()[0]


def _cells(row: WaitingRow | QuarantinedRow) -> list[str]:
    opened_cells: list[str] = json.loads(vault().decrypt(f"{row._meta.db_table}|cells|{row.pk}", bytes(row.cells_enc)))
    return opened_cells


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
