"""Drops that lie inside a stretch of a curve that cannot be told: what is known on both its sides says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from doudi.engine.cliff import Flip

NOTICED = Decimal(1)
"""A drop of a yuan or less is rounding."""


@dataclass(frozen=True, slots=True)
class Drop:
    """From the last known point before a stretch to the first one after it, yuan a month."""

    earned_from: Decimal
    earned_to: Decimal
    resources_before: Decimal
    resources_after: Decimal

    @property
    def lost(self) -> Decimal:
        """How much less there is, though more is earned."""
        return self.resources_before - self.resources_after


def worst_drop(flips: Sequence[Flip]) -> tuple[Flip | None, Drop | None]:
    """The largest drop of a curve, as the place where it jumps or as a stretch that cannot be told; (None, None) where
    nothing is known to be lost.
    """
    jumps = [flip for flip in flips if flip.change is not None and -flip.change > NOTICED]
    jump = min(jumps, key=lambda flip: flip.change or Decimal(0), default=None)
    hidden = hidden_drop(flips)
    if jump is None or hidden is None or jump.change is None:
        return jump, hidden
    return (None, hidden) if hidden.lost > -jump.change else (jump, None)


def hidden_drop(flips: Iterable[Flip]) -> Drop | None:
    """The largest drop over a stretch that cannot be told; `flips` in the order of earned income."""
    left: Flip | None = None
    found: list[Drop] = []
    for flip in flips:
        if flip.resources_before is not None and flip.resources_after is None:
            left = flip
        elif flip.resources_before is None and flip.resources_after is not None and left is not None:
            assert left.resources_before is not None
            found.append(Drop(left.earned_before, flip.earned_after, left.resources_before, flip.resources_after))
            left = None
    drops = [drop for drop in found if drop.lost > NOTICED]
    return max(drops, key=lambda drop: drop.lost, default=None)
