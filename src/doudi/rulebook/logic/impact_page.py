"""The impact of a draft as its readers see it, from the stored result of a simulation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    unchanged: int
    """The same as now, or the same money by another recognition."""
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
class Unknown:
    """A county of which the impact is not known, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class ImpactShown:
    """An impact: in all, by programme, by area; or why it is not known."""

    problem: str
    as_of: str
    figures_on: str
    """The day whose figures were taken."""
    households: int
    changed: int
    errors: int
    in_all: ImpactLine | None
    programmes: tuple[ImpactLine, ...]
    areas: tuple[ImpactLine, ...]
    counties: tuple[ImpactLine, ...] = ()
    """Where it was worked out county by county."""
    unknown: tuple[Unknown, ...] = ()
    unset: tuple[str, ...] = ()
    """Programmes for which a place has not set the figures they need: they are in no number."""

    @property
    def changing(self) -> tuple[ImpactLine, ...]:
        """The programmes in which something changes."""
        return tuple(line for line in self.programmes if line.changes)

    @property
    def steady(self) -> tuple[ImpactLine, ...]:
        """The others."""
        return tuple(line for line in self.programmes if not line.changes)


def impact_shown(
    result: Mapping[str, Any], lang: str, names: Callable[[Sequence[str]], Mapping[str, str]]
) -> ImpactShown:
    """What a stored result says; unknown parts are left out, never taken for zero. `names`: codes → their names."""
    whole = result.get("in_all")
    areas, counties = _tables(result, "areas"), _tables(result, "counties")
    called = dict(names([str(one.get("key") or "") for one in (*areas, *counties)]))
    return ImpactShown(
        problem=_why(result, lang),
        as_of=str(result.get("as_of") or ""),
        figures_on=str(result.get("figures_on") or ""),
        households=_count(result, "households"),
        changed=_count(result, "changed"),
        errors=_count(result, "errors"),
        in_all=_line(whole, lang) if isinstance(whole, Mapping) else None,
        programmes=tuple(_line(one, lang) for one in _tables(result, "programmes")),
        areas=tuple(_line(one, lang, called) for one in areas),
        counties=tuple(_line(one, lang, called) for one in counties if "problem" not in one),
        unknown=tuple(
            Unknown(called.get(str(one.get("key")), ""), _why(one, lang)) for one in counties if "problem" in one
        ),
        unset=tuple(str(label.get(lang) or name) for name, label in sorted((result.get("unset") or {}).items())),
    )


def _tables(result: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    return [one for one in result.get(key) or () if isinstance(one, Mapping)]


def _why(result: Mapping[str, Any], lang: str) -> str:
    problem = result.get("problem") or ""
    return str(problem.get(lang, "")) if isinstance(problem, Mapping) else str(problem)


def _line(line: Mapping[str, Any], lang: str, called: Mapping[str, str] | None = None) -> ImpactLine:
    label = line.get("label") or {}
    own = (called or {}).get(str(line.get("key") or ""))
    before, after = line.get("before") or {}, line.get("after") or {}
    return ImpactLine(
        label=own or (str(label.get(lang) or line.get("key") or "") if isinstance(label, Mapping) else str(label)),
        households=_count(line, "households"),
        eligible_before=_count(before, "eligible"),
        eligible_after=_count(after, "eligible"),
        newly_in=_count(line, "newly_in"),
        out=_count(line, "out"),
        winners=_count(line, "winners"),
        losers=_count(line, "losers"),
        unchanged=_count(line, "unchanged") + _count(line, "otherwise"),
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
