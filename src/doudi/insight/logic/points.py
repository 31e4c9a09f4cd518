"""The table beside a cliff chart: round incomes, and what each curve has there."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from doudi.engine.cliff import Cliff, Point

ROWS = 13


class Line(Protocol):
    """Something with a cliff."""

    @property
    def cliff(self) -> Cliff: ...


def points_of(lines: Sequence[Line]) -> list[tuple[Decimal, list[Point]]]:
    """About a dozen incomes, the same in every curve, with the points of each."""
    tables = [{point.earned: point for point in line.cliff.points} for line in lines]
    shared = sorted(set.intersection(*(set(table) for table in tables)))
    whole = [earned for earned in shared if earned == earned.to_integral_value()]
    step = max(1, (len(whole) - 1) // (ROWS - 1))
    return [(earned, [table[earned] for table in tables]) for earned in whole[::step]]
