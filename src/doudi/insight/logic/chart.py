"""The geometry of a cliff chart: paths, holes, marks and ticks in the units of its picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from doudi.engine.cliff import Cliff

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 16, 44
_STEPS = (200, 500, 1000, 2000, 2500, 5000, 10000, 20000)
_MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across with its number."""

    at: float
    value: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A flip: where its dot stands, and its number in the list."""

    x: float
    y: float
    number: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """One curve. Holes are stretches (x, width) where something is undetermined."""

    paths: tuple[str, ...]
    drops: tuple[str, ...]
    holes: tuple[tuple[float, float], ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything a template needs to draw."""

    curves: tuple[Drawn, ...]
    diagonal: str
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def chart_of(cliffs: Sequence[Cliff]) -> Chart:
    """One chart for curves over the same incomes. Flips are numbered through all curves."""
    most = max((p.resources for c in cliffs for p in c.points if p.resources is not None), default=Decimal(0))
    across = _ticks(cliffs[0].limit)
    up = _ticks(max(most, cliffs[0].limit))
    scale = _Scale(Decimal(cliffs[0].limit), Decimal(up[-1]))
    curves, number = [], 0
    for cliff in cliffs:
        curves.append(_drawn(cliff, scale, number))
        number += len(cliff.flips)
    return Chart(
        tuple(curves),
        f"M{scale.x(Decimal(0))} {scale.y(Decimal(0))}L{scale.x(cliffs[0].limit)} {scale.y(cliffs[0].limit)}",
        tuple(Tick(scale.x(Decimal(v)), v) for v in across),
        tuple(Tick(scale.y(Decimal(v)), v) for v in up),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    most_x: Decimal
    most_y: Decimal

    def x(self, value: Decimal) -> float:
        return round(float(LEFT + (WIDTH - LEFT - RIGHT) * value / self.most_x), 1)

    def y(self, value: Decimal) -> float:
        return round(float(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.most_y), 1)


def _ticks(most: Decimal) -> list[int]:
    step = next((s for s in _STEPS if most / s <= _MOST_TICKS), _STEPS[-1])
    count = int((most / step).to_integral_value(ROUND_CEILING))
    return [step * n for n in range(count + 1)]


def _drawn(cliff: Cliff, scale: _Scale, before: int) -> Drawn:
    breaks = {flip.earned_after for flip in cliff.flips}
    paths: list[str] = []
    holes: list[tuple[float, float]] = []
    open_path, hole_from = "", None
    for point in cliff.points:
        if point.resources is None:
            hole_from = point.earned if hole_from is None else hole_from
            open_path = _closed(paths, open_path)
            continue
        if hole_from is not None:
            holes.append(_hole(scale, hole_from, point.earned))
            hole_from = None
        if point.earned in breaks:
            open_path = _closed(paths, open_path)
        open_path += f"{'L' if open_path else 'M'}{scale.x(point.earned)} {scale.y(point.resources)}"
    _closed(paths, open_path)
    if hole_from is not None:
        holes.append(_hole(scale, hole_from, cliff.limit))
    drops = [
        f"M{scale.x(f.earned_after)} {scale.y(f.resources_before)}V{scale.y(f.resources_after)}"
        for f in cliff.flips
        if f.resources_before is not None and f.resources_after is not None
    ]
    marks = [
        Mark(scale.x(f.earned_after), scale.y(f.resources_after), before + n)
        for n, f in enumerate(cliff.flips, 1)
        if f.resources_after is not None
    ]
    return Drawn(tuple(paths), tuple(drops), tuple(holes), tuple(marks))


def _hole(scale: _Scale, start: Decimal, end: Decimal) -> tuple[float, float]:
    return scale.x(start), round(max(scale.x(end) - scale.x(start), 1.0), 1)


def _closed(paths: list[str], path: str) -> str:
    if path:
        paths.append(path)
    return ""
