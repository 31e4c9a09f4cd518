"""Which rulebook an application is verified and decided by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby

from doudi.cases.models import Application
from doudi.core.errors import Missing
from doudi.engine.rulebook import Rulebook
from doudi.registry.logic.batches import chunks
from doudi.rulebook.queries import by_hash, current_edition, editions

AT_A_TIME = 500


def in_batches(rows: Sequence[Application]) -> Iterator[tuple[Rulebook, Sequence[Application]]]:
    """Applications, a few hundred at a time, with the rulebook in force where and when each was made."""
    places = {edition.place for edition in editions()}
    hash_of = partial(_hash_for, only=places.pop() if len(places) == 1 else None)
    hashes = {row.id: hash_of(row) for row in rows}
    for edition, group in groupby(sorted(rows, key=lambda row: hashes[row.id]), key=lambda row: hashes[row.id]):
        for part in chunks(list(group), AT_A_TIME):
            yield by_hash(edition), part


def _hash_for(row: Application, only: str | None) -> str:
    """Of the application's area; where the register knows no area, of the only place that has a rulebook."""
    try:
        return current_edition(row.area_code, row.applied_on).hash
    except Missing:
        if only is None:
            raise
        return current_edition(only, row.applied_on).hash
