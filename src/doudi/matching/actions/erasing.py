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
from doudi.registry.models import Person, PersonName
from doudi.registry.queries import keys_of, number_of
from doudi.sources.actions.erasing import (
    erase_from_lake,
    erase_originals,
    erase_rows_aside,
    lake_deliveries_due,
    originals_due,
    rows_aside_due,
)
from doudi.sources.logic.people import People


@duties.fill
def matching_duties() -> Iterable[Duty]:
    """Originals, the lake, rows set aside and the snapshots."""
    yield Duty("originals", originals_due, lambda keys, _at: erase_originals(keys, _held_people()))
    yield Duty("lake", _lake, _erase_lake)
    yield Duty("rows_aside", rows_aside_due, lambda keys, _at: erase_rows_aside(keys, _held_keys(), _held_people()))
    yield Duty("snapshots", _snapshots, _erase_snapshots)


def _lake(limit: date, today: date) -> Iterator[Due]:
    yield from (Due(str(own)) for own in lake_deliveries_due(limit, today))


def _erase_lake(keys: Sequence[str], at: datetime) -> int:
    return erase_from_lake(keys, _held_keys(), at)


def _held_persons() -> list[UUID]:
    return [UUID(own) for kind, own in held() if kind == "person"]


def _held_keys() -> set[UUID]:
    """Lake keys of everybody under a hold."""
    return {key for own in keys_of(_held_persons()).values() for key in own}


def _held_people() -> People:
    """Numbers of everybody under a hold, and their names, former ones too, with the day of birth."""
    persons = _held_persons()
    rows = list(Person.objects.filter(pk__in=persons))
    born = {row.id: row.born_on for row in rows if row.born_on}
    names = [(row.id, row.name) for row in rows if row.name]
    names += PersonName.objects.filter(person__in=persons).values_list("person_id", "name")
    return People(
        frozenset(number for row in rows if (number := number_of(row))),
        frozenset((name, born[person]) for person, name in names if person in born),
    )


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
