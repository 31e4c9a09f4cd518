"""What approving a draft would publish: an edition of its place, and its files under the editions of places below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from doudi.rulebook.logic.overlay import with_own_files
from doudi.rulebook.models import Draft
from doudi.rulebook.queries.drafts import files_with, places_concerned
from doudi.rulebook.queries.editions import Edition, editions, files_of


@dataclass(frozen=True, slots=True)
class EditionMade:
    """One edition that a draft would make: where, of which files, from which day."""

    place: str
    files: dict[str, str]
    effective_on: date


def editions_made(draft: Draft, on: date) -> Iterator[EditionMade]:
    """An edition of the place from the day `on`; editions below that hold then or later get its files too.

    An upgrade is laid out for every place by itself and reaches none below.
    """
    yield EditionMade(draft.place, files_with(draft), on)
    for place in places_concerned(draft.place):
        if place == draft.place or draft.origin == "upgrade":
            continue
        for one in _holding(place, on):
            files = with_own_files(files_of(one.hash), draft.place, draft.files)
            yield EditionMade(place, files, max(one.effective_on, on))


def _holding(place: str, on: date) -> list[Edition]:
    """The place's editions in force on the day or after it; of several from one day the last published."""
    newest: dict[date, Edition] = {}
    for one in editions(place):
        newest.setdefault(max(one.effective_on, on), one)
    return list(newest.values())
