"""What is asked to be checked, and who signed that it may be."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """A unit as of a day; declarations made in `application` go before others."""

    household: uuid.UUID
    as_of: datetime.date
    application: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who of a household signed on which day; `to_on` is the last day, None open."""

    household: uuid.UUID
    signed: Mapping[uuid.UUID, datetime.date]
    to_on: datetime.date | None = None
    application: str = ""
