"""What is erased where persons and the lake meet: old deliveries' rows, but those of people under a hold; snapshots."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from doudi.keeping.logic.duties import Due, Duty, duties
from doudi.keeping.queries import held
from doudi.lib.working_days import day_of
from doudi.matching.models import Snapshot
from doudi.registry.queries import keys_of
from doudi.sources.actions.erasing import erase_from_lake, erase_rows_aside, lake_deliveries_due, rows_aside_due


@duties.fill
def matching_duties() -> Iterable[Duty]:
    """The lake, rows set aside and the snapshots."""
    yield Duty("lake", _lake, _erase_lake)
    yield Duty("rows_aside", rows_aside_due, lambda keys, _at: erase_rows_aside(keys, _held_keys()))
    yield Duty("snapshots", _snapshots, _erase_snapshots)


def _lake(limit: date, today: date) -> Iterator[Due]:
    yield from (Due(str(own)) for own in lake_deliveries_due(limit, today))


def _erase_lake(keys: Sequence[str], at: datetime) -> int:
    return erase_from_lake(keys, _held_keys(), at)


def _held_keys() -> set[UUID]:
    """Lake keys of everybody under a hold."""
    persons = [UUID(own) for kind, own in held() if kind == "person"]
    return {key for own in keys_of(persons).values() for key in own}


def _snapshots(limit: date, _today: date) -> Iterator[Due]:
    rows = Snapshot.objects.order_by("made_at", "id").values_list("id", "made_at")
    yield from (Due(str(own)) for own, made_at in rows if day_of(made_at) <= limit)


def _erase_snapshots(keys: Sequence[str], _at: datetime) -> int:
    rows = Snapshot.objects.filter(pk__in=[UUID(key) for key in keys])
    folders = [settings.HOME / "snapshots" / name for name in rows.values_list("folder", flat=True)]

    def remove() -> None:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)

    transaction.on_commit(remove)
    return rows.delete()[0]
