"""What is asked to be checked."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """A unit as of a day; declarations made in `application` go before others."""

    household: uuid.UUID
    as_of: datetime.date
    application: str = ""
