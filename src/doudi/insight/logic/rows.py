"""A simulation's stored totals as rows a page or a table file shows, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table with what a reader compares."""

    key: str
    label: str
    households: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    newly_in: int
    out: int
    winners: int
    losers: int
    otherwise: int
    unchanged: int
    undetermined: int

    @property
    def is_quiet(self) -> bool:
        """Nothing about it is seen to change; of some it may not be known."""
        same = all(self.before[key] == self.after[key] for key in ("eligible", "undetermined", "month", "year", "once"))
        return same and not (self.newly_in or self.out or self.winners or self.losers or self.otherwise)

    @property
    def more_a_month(self) -> Decimal:
        """What a month costs more (below zero: less)."""
        return Decimal(self.after["month"]) - Decimal(self.before["month"])

    @property
    def more_a_year(self) -> Decimal:
        """What a year costs more."""
        return Decimal(self.after["year"]) - Decimal(self.before["year"])

    @property
    def more_once(self) -> Decimal:
        """What is paid once more."""
        return Decimal(self.after["once"]) - Decimal(self.before["once"])

    @property
    def pays_once(self) -> bool:
        """Whether anything is paid once, before or after."""
        return bool(Decimal(self.before["once"]) or Decimal(self.after["once"]))

    @property
    def covered(self) -> tuple[str, str]:
        """Eligible households of all, in percent, before and after."""
        return tuple(_percent(side["eligible"], self.households) for side in (self.before, self.after))  # type: ignore[return-value]


def row_of(line: Mapping[str, Any], lang: str, names: Mapping[str, str] | None = None) -> Row:
    """A stored line; areas are named by `names`."""
    label = (names or {}).get(line["key"]) or line["label"][lang]
    rest = (line[k] for k in ("newly_in", "out", "winners", "losers", "otherwise", "unchanged", "undetermined"))
    return Row(line["key"], label, line["households"], line["before"], line["after"], *rest)


def rows_of(lines: Iterable[Mapping[str, Any]], lang: str, names: Mapping[str, str] | None = None) -> list[Row]:
    """Stored lines in their order."""
    return [row_of(line, lang, names) for line in lines]


def table_of(rows: Iterable[Row], headings: tuple[str, ...], hidden: str = "") -> list[list[str | int | Decimal]]:
    """Rows of a table file: area, households, eligible and undetermined before and after, moves, changes, money.

    A figure that may not be told is written as `hidden`, which is no number.
    """
    table: list[list[str | int | Decimal]] = [list(headings)]
    for row in rows:
        b, a = row.before, row.after
        counts = (
            row.households, b["eligible"], a["eligible"], b["undetermined"], a["undetermined"], row.newly_in, row.out,
            row.winners, row.losers, row.otherwise, row.unchanged, row.undetermined,
        )  # fmt: skip
        money = (b["month"], a["month"], b["year"], a["year"], b["once"], a["once"])
        table.append(
            [
                row.key,
                row.label,
                *(hidden if count is None else count for count in counts),
                *(hidden if sum_ is None else Decimal(sum_) for sum_ in money),
            ]
        )
    return table


def _percent(part: int, whole: int) -> str:
    return f"{Decimal(part) * 100 / whole:.1f} %" if whole else "—"
