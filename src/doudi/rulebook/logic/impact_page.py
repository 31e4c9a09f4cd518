"""The impact of a draft as its readers see it, from the stored result of a simulation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any


@dataclass(frozen=True, slots=True)
class ImpactLine:
    """One line of the table: a programme, an area, or all together. Money in yuan a month; None is unknown."""

    label: str
    households: int
    eligible_before: int
    eligible_after: int
    newly_in: int
    out: int
    winners: int
    losers: int
    undetermined: int
    month_before: Decimal | None
    month_after: Decimal | None

    @property
    def changes(self) -> bool:
        """Whether anything is otherwise than now."""
        return bool(self.newly_in or self.out or self.winners or self.losers or self.month_more)

    @property
    def month_more(self) -> Decimal | None:
        """What a month costs more; negative for less."""
        if self.month_before is None or self.month_after is None:
            return None
        return self.month_after - self.month_before


@dataclass(frozen=True, slots=True)
class ImpactShown:
    """An impact: in all, by programme, by area; or why it is not known."""

    problem: str
    as_of: str
    households: int
    changed: int
    errors: int
    in_all: ImpactLine | None
    programmes: tuple[ImpactLine, ...]
    areas: tuple[ImpactLine, ...]

    @property
    def changing(self) -> tuple[ImpactLine, ...]:
        """The programmes in which something changes."""
        return tuple(line for line in self.programmes if line.changes)

    @property
    def steady(self) -> tuple[ImpactLine, ...]:
        """The others."""
        return tuple(line for line in self.programmes if not line.changes)


def impact_shown(result: Mapping[str, Any], lang: str) -> ImpactShown:
    """What a stored result says; unknown parts are left out, never taken for zero."""
    problem = result.get("problem") or ""
    said = problem.get(lang, "") if isinstance(problem, Mapping) else str(problem)
    whole = result.get("in_all")
    return ImpactShown(
        problem=said,
        as_of=str(result.get("as_of") or ""),
        households=_count(result, "households"),
        changed=_count(result, "changed"),
        errors=_count(result, "errors"),
        in_all=_line(whole, lang) if isinstance(whole, Mapping) else None,
        programmes=tuple(_line(one, lang) for one in result.get("programmes") or () if isinstance(one, Mapping)),
        areas=tuple(_line(one, lang) for one in result.get("areas") or () if isinstance(one, Mapping)),
    )


def _line(line: Mapping[str, Any], lang: str) -> ImpactLine:
    label = line.get("label") or {}
    before, after = line.get("before") or {}, line.get("after") or {}
    return ImpactLine(
        label=str(label.get(lang) or line.get("key") or "") if isinstance(label, Mapping) else str(label),
        households=_count(line, "households"),
        eligible_before=_count(before, "eligible"),
        eligible_after=_count(after, "eligible"),
        newly_in=_count(line, "newly_in"),
        out=_count(line, "out"),
        winners=_count(line, "winners"),
        losers=_count(line, "losers"),
        undetermined=_count(line, "undetermined"),
        month_before=_money(before.get("month")),
        month_after=_money(after.get("month")),
    )


def _count(table: Mapping[str, Any], key: str) -> int:
    value = table.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _money(value: object) -> Decimal | None:
    try:
        return Decimal(str(value)) if value is not None else None
    except InvalidOperation:
        return None
