"""The clock, read only by views, tasks and the command line; everything below takes time as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime

from doudi.lib.working_days import SHANGHAI, day_of

__all__ = ["day_of", "now", "today"]


def now() -> datetime:
    """This instant, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today in Asia/Shanghai."""
    return datetime.now(SHANGHAI).date()
