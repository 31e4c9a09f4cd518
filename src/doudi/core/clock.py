"""The clock, read only by views, tasks and the command line; everything below takes time as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This instant, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today in Asia/Shanghai."""
    return datetime.now(SHANGHAI).date()


def day_of(instant: datetime) -> date:
    """The day of an instant in Asia/Shanghai."""
    return instant.astimezone(SHANGHAI).date()
