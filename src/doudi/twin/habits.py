"""How clerks of another county write the same agreed files: drawn by seed for a pack, the county's own otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from doudi.twin.plan import Plan

DAY_STYLES = ("compact", "iso", "slashed", "dotted", "chinese")


@dataclass(frozen=True, slots=True)
class Habits:
    """What may differ inside the agreement. The defaults are the habits of the county pack.

    `days`: one way to write every day; `thousands`: separators in all amounts; `mark`: a byte order mark before UTF-8;
    `unix`: lines end in a line feed only; `titles`: so many more title rows in a sheet; `void_first`: the hidden sheet
    stands first; `as_text`: days and amounts of a sheet are text; `blanks`: a blank after every code.
    """

    days: str | None = None
    thousands: bool = False
    mark: bool = False
    unix: bool = False
    titles: int = 0
    void_first: bool = False
    as_text: bool = False
    blanks: bool = False


def habits_of(plan: Plan, feed: str) -> Habits:
    """The habits of a feed's clerk."""
    if not plan.pack:
        return Habits()
    rng = plan.stream("habits:" + feed)
    often = (rng.random(7) < 0.3).tolist()
    style = DAY_STYLES[int(rng.integers(0, len(DAY_STYLES)))] if often[0] else None
    return Habits(
        style, often[1], often[2], often[3], int(rng.integers(0, 3)) * often[4], often[5], often[6], rng.random() < 0.3
    )
