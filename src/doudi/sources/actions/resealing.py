"""Sealed files under a newer key: each is written anew aside and put in its place while nobody drops its delivery.

Key rotation calls this; it has one audit entry for everything. Broken off anywhere, the old file is still whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.db import transaction

from doudi.core.sealed import SealedPlace, sealed_places
from doudi.sources.models import Delivery
from doudi.sources.places import original_path, originals_folder, people_path
from doudi.sources.queries.people import people_context
from doudi.sources.queries.returned import original_context
from doudi.sources.sealing import keys_used, sealed_anew


@sealed_places.fill
def sealed_files() -> list[SealedPlace]:
    """Originals and side files of people."""
    return [SealedPlace("originals", uses, reseal)]


def uses() -> Counter[int]:
    """How many sealed files lie under each key; a file with pieces under two counts for both."""
    found: Counter[int] = Counter()
    for path in originals_folder().iterdir():
        if path.is_file() and not path.name.startswith("."):
            found.update(keys_used(path))
    return found


def reseal(number: int) -> Iterator[int]:
    """Every file that has a piece under another key than the one wanted."""
    for path in sorted(originals_folder().iterdir()):
        if path.is_file() and not path.name.startswith(".") and keys_used(path) - {number} and _sealed_anew(path):
            yield 1


@transaction.atomic
def _sealed_anew(path: Path) -> bool:
    """False when its delivery has dropped it meanwhile; while we hold the row, nobody drops it."""
    try:
        delivery = UUID(path.stem)
    except ValueError:
        return False
    row = Delivery.objects.select_for_update().filter(pk=delivery).first()
    if row is None or not path.exists():
        return False
    if path == original_path(delivery) and row.has_original:
        sealed_anew(path, original_context(delivery))
        return True
    if path == people_path(delivery) and row.has_people:
        sealed_anew(path, people_context(delivery))
        return True
    return False
