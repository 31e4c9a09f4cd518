"""The shape of a permit to be opened."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NewPermit:
    """`to_on` is the last day, inclusive; None: open. `origin` says what opened it, e.g. `authorisation <id>`."""

    feed: str
    person_key: uuid.UUID
    from_on: datetime.date
    to_on: datetime.date | None
    origin: str
    area_code: str = ""
    """Area of the family that signed."""
