"""The money of a simulation's totals as it may leave the area: of which lines it may be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import combinations
from typing import Any

from doudi.insight.logic.result_lines import MONEY, MOST_SMALL, MOST_TOGETHER, SIDES, VIEWS, Earlier, Line, named, rests
from doudi.lib.small_cells import LEAST, Cell, Guard, published


def money_told(result: Mapping[str, Any], counts: Mapping[str, int], earlier: Iterable[Earlier] = ()) -> frozenset[str]:
    """The lines `view|key|side` whose money may be told: enough families behind it and behind what changed between the
    sides and since an earlier table, and no small one left when the others are taken off the whole.
    """
    lines = {name: (line, turn) for name, line, turn in named(result)}
    people = {f"{name}|{side}": int(line[side]["eligible"]) for name, (line, _t) in lines.items() for side in SIDES}
    guard = Guard(people)
    for side in SIDES:
        _money_adds_up(guard, result, side)
    _protect_changed(guard, result)
    for one in earlier:
        _protect_money_since(guard, result, one)
    known = [
        Cell(f"{name}|{side}", frozenset({f"{name}|{side}"}), people[f"{name}|{side}"], turn + 10 * SIDES.index(side))
        for name, (line, turn) in lines.items()
        for side in SIDES
        if f"{name}|{side}.eligible" in counts
    ]
    return published(known, guard, nested=False)


def _money_adds_up(guard: Guard, result: Mapping[str, Any], side: str) -> None:
    for view in VIEWS:
        form = {f"{view}|{line['key']}|{side}": 1 for line in result.get(view, ())}
        if form:
            guard.given({**form, f"all|{side}": -1})
    for name, _line, of in rests(result):
        guard.given({f"{of}|{side}": 1, f"{name}|{side}": 1, f"all|{side}": -1})
    _programmes_money(guard, result, side)


def _families_changed(line: Line) -> int:
    """Families whose money is not the same on both sides: with those that only one side could not determine."""
    unsure = 2 * int(line["undetermined"]) - sum(int(line[side]["undetermined"]) for side in SIDES)
    return sum(int(line[name]) for name in ("winners", "losers", "otherwise")) + max(unsure, 0)


def _protect_changed(guard: Guard, result: Mapping[str, Any]) -> None:
    """What the money of a line changed by is that of the families that changed: of few of them it is not told. So it is
    of the rest of the whole, and of some lines of a view together.
    """
    changed = {name: _families_changed(line) for name, line, _turn in named(result)}
    for name, count in changed.items():
        step = {f"{name}|after": 1, f"{name}|before": -1}
        if count == 0:
            guard.given(step)
        guard.protect(step, count)
        guard.protect({**step, "all|after": -1, "all|before": 1}, changed["all"] - count)
    for view in VIEWS:
        names = [f"{view}|{line['key']}" for line in result.get(view, ())]
        small = [name for name in names if 0 < changed[name] < LEAST][:MOST_SMALL]
        for size in range(2, MOST_TOGETHER + 1):
            for chosen in combinations(small, size):
                union = {f"{name}|{side}": sign for name in chosen for side, sign in (("after", 1), ("before", -1))}
                guard.protect(union, sum(changed[name] for name in chosen))


def _protect_money_since(guard: Guard, result: Mapping[str, Any], earlier: Earlier) -> None:
    """The money of a line is not told beside an earlier table that told money, unless it is the same or it is sure that
    it is of five families more or fewer. Two sums of as many families could differ by what one of them gets.
    """
    if earlier.result is None or not earlier.money:
        return
    then = {name: line for name, line, _turn in named(earlier.result)}
    for name, line, _turn in named(result):
        for side in SIDES if name in then else ():
            own, before = line[side], then[name][side]
            is_same = all(own.get(kind) == before.get(kind) for kind in MONEY)
            if not is_same and abs(int(own["eligible"]) - int(before["eligible"])) < LEAST:
                guard.protect({f"{name}|{side}": 1}, 1)


def _programmes_money(guard: Guard, result: Mapping[str, Any], side: str) -> None:
    counted = [line for line in result.get("programmes", ()) if line["key"] in result.get("counted", ())]
    total = sum((Decimal(line[side]["month"]) for line in counted), Decimal(0))
    if counted and total == Decimal(result["in_all"][side]["month"]):
        guard.given({**{f"programmes|{line['key']}|{side}": 1 for line in counted}, f"all|{side}": -1})
