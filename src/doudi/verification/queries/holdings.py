"""What the lake holds of each feed now: the delivery that answers, what it covers, up to which day it speaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from doudi.matching.logic.wanted import Wanted
from doudi.sources import queries as sources
from doudi.verification.logic.answers import Held


def holdings(feeds: Sequence[Wanted]) -> dict[str, Held]:
    """By feed name."""
    return {wanted.feed: _held(sources.coverage(wanted.feed)) for wanted in feeds}


def _held(coverage: Any) -> Held:
    if coverage is None:
        return Held()
    return Held(
        from_month=coverage.from_month,
        to_month=coverage.to_month,
        cutoff=coverage.cutoff,
        delivery=coverage.delivery,
        received_at=coverage.received_at,
        received=True,
    )
