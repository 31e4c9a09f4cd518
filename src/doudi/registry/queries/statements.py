"""What was declared, as of a day."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from doudi.registry.logic.batches import chunks
from doudi.registry.logic.obligors import Obligor, from_data
from doudi.registry.models import Declaration, ObligorStatement


def declared_on(household: uuid.UUID, on: datetime.date, application: str = "") -> dict[str, str | None]:
    """Declared household facts as of a day: the latest said, those of the application named before all others."""
    return declared_values([household], on, {household: application} if application else {}).get(household, {})


def declared_values(
    subjects: Iterable[uuid.UUID], on: datetime.date, applications: dict[uuid.UUID, str] | None = None
) -> dict[uuid.UUID, dict[str, str | None]]:
    """Declared facts of many households and persons as of a day: {subject: {fact: value, None if not known}}."""
    found: dict[uuid.UUID, dict[str, str | None]] = {}
    wanted = applications or {}
    for part in chunks(list(subjects)):
        for column in ("household_id", "person_id"):
            rows = Declaration.objects.filter(**{f"{column}__in": part}, said_on__lte=on)
            ordered = list(
                rows.order_by("said_on", "recorded_at", "id").values_list(column, "fact", "value", "application")
            )
            ordered.sort(key=lambda row: row[3] == wanted.get(row[0], row[3]))
            for subject, fact, value, _application in ordered:
                found.setdefault(subject, {})[fact] = value
    return found


def obligors_said(people: Iterable[uuid.UUID], on: datetime.date) -> dict[uuid.UUID, tuple[Obligor, ...] | None]:
    """Who is said to be obliged to support each person, as of a day: nobody is (), None is asked and not known; a
    person nobody has asked about is not in it.
    """
    found: dict[uuid.UUID, tuple[Obligor, ...] | None] = {}
    for part in chunks(list(people)):
        rows = ObligorStatement.objects.filter(person__in=part, said_on__lte=on)
        for row in rows.order_by("said_on", "recorded_at", "seq", "id"):
            found[row.person_id] = None if row.obligors is None else from_data(row.obligors)
    return found
