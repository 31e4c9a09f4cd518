"""A simulation's totals as they may leave the area: counts from which no group of fewer than five can be worked out.

Inside the area the figures are exact. Outside, a count that may not be told is None, and so is the money behind it.
Programmes, townships, groups and sizes are four views of the same households: what one view tells, another could be
taken off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from doudi.insight.logic.result_lines import (
    COUNTED,
    MONEY,
    MOST_CHANGED,
    MOST_SMALL,
    MOST_TOGETHER,
    SIDES,
    VIEWS,
    Earlier,
    Line,
    columns,
    guarded,
)
from doudi.lib.small_cells import LEAST, Cell, Guard, published


def publishable(result: Mapping[str, Any], earlier: Iterable[Earlier] = ()) -> dict[str, int]:
    """The counts that may be told, by name `view|key|figure`, with their values."""
    table, guard = guarded(result)
    _protect_unions(guard, table.cells)
    counts = {cell.key: cell.people for cell in table.cells}
    atoms = {cell.key: cell.atoms for cell in table.cells}
    for one in earlier:
        for key in counts.keys() & one.counts.keys():
            guard.protect(dict.fromkeys(atoms[key], 1), abs(counts[key] - one.counts[key]))
        if one.result is not None:
            _protect_changes(guard, table.cells, one.counts, one.result)
    shown = published(table.cells, guard, lines=[*table.lines, *columns(result)], nested=False)
    return {key: counts[key] for key in sorted(shown)}


def _protect_changes(guard: Guard, cells: Sequence[Cell], counts: Mapping[str, int], result: Mapping[str, Any]) -> None:
    """Small changes since an earlier table, of cells and of some lines together, as far as that table gives them away:
    told or not, a count that follows from what it told is known of that day.
    """
    table, then = guarded(result, 0)
    before = {cell.key: cell for cell in table.cells}
    for key in counts:
        if key in before:
            then.given(dict.fromkeys(before[key].atoms, 1))
    changed = [
        (cell, before[cell.key], cell.people - before[cell.key].people)
        for cell in cells
        if cell.key in before and cell.people != before[cell.key].people
    ]
    for chosen in _together(changed):
        change = abs(sum(step for _now, _then, step in chosen))
        if 0 < change < LEAST and then.follows(dict.fromkeys(_atoms(cell for _now, cell, _step in chosen), 1)):
            guard.protect(dict.fromkeys(_atoms(cell for cell, _then, _step in chosen), 1), change)


def _atoms(cells: Iterable[Cell]) -> frozenset[str]:
    return frozenset[str]().union(*(cell.atoms for cell in cells))


Change = tuple[Cell, Cell, int]


def _together(changed: Sequence[Change]) -> Iterator[tuple[Change, ...]]:
    """Every changed cell, and two, three and four of a column of a view of which each changed a little."""
    columns: dict[tuple[str, str], list[Change]] = {}
    for one in changed:
        yield (one,)
        view, *_key, figure = one[0].key.split("|")
        if view in VIEWS and abs(one[2]) < LEAST:
            columns.setdefault((view, figure), []).append(one)
    for small in columns.values():
        for size in range(2, MOST_TOGETHER + 1):
            yield from combinations(small[:MOST_CHANGED], size)


def _protect_unions(guard: Guard, cells: Sequence[Cell]) -> None:
    """Small figures of two, three and four lines of a view together, while they are few people."""
    columns: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        view, *_key, figure = cell.key.split("|")
        if view in VIEWS and 0 < cell.people < LEAST:
            columns.setdefault((view, figure), []).append(cell)
    for small in columns.values():
        for size in range(1, MOST_TOGETHER + 1):
            for chosen in combinations(small[:MOST_SMALL], size):
                atoms = frozenset[str]().union(*(cell.atoms for cell in chosen))
                guard.protect(dict.fromkeys(atoms, 1), sum(cell.people for cell in chosen))


def told(result: Mapping[str, Any], counts: Mapping[str, int], money: frozenset[str]) -> dict[str, Any]:
    """The result with None for what may not be told. Persons of a line go with its households."""
    whole = dict(result)
    whole["in_all"] = _told("all", result["in_all"], counts, money)
    for view in ("programmes", "areas", "groups", "sizes"):
        whole[view] = [_told(f"{view}|{line['key']}", line, counts, money) for line in result.get(view, ())]
    whole["changed"] = _sum_of(whole["in_all"], ("winners", "losers", "otherwise"))
    whole["households"] = whole["in_all"]["households"]
    for name in ("persons", "persons_unknown", "errors"):
        whole[name] = _large(result.get(name))
    whole["gap"] = _gap(result.get("gap"))
    return whole


def _told(name: str, line: Line, counts: Mapping[str, int], money: frozenset[str]) -> dict[str, Any]:
    made = dict(line)
    for figure in COUNTED:
        if "." not in figure:
            made[figure] = counts.get(f"{name}|{figure}")
    for side in SIDES:
        own = dict(line[side])
        for state in ("eligible", "not_eligible", "undetermined"):
            own[state] = counts.get(f"{name}|{side}.{state}")
        has_money = f"{name}|{side}" in money
        own |= {kind: own[kind] if has_money else None for kind in MONEY}
        own |= {count: None for count in ("persons", "persons_unknown", "amount_unknown") if count in own}
        made[side] = own
    return made


def _sum_of(line: Line, names: Iterable[str]) -> int | None:
    values = [line[name] for name in names]
    return None if None in values else sum(values)


def _large(count: Any) -> int | None:
    """A count of its own, told unless it is of one to four."""
    return None if count is None or 0 < int(count) < LEAST else int(count)


def _gap(gap: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The shortfall, where enough families are behind each of its figures and behind what lies between them."""
    if gap is None:
        return None
    below = [int(gap[name]["households"]) for name in ("without", *SIDES)]
    steps = [abs(below[0] - below[1]), abs(below[1] - below[2]), abs(below[0] - below[2]), *below]
    steps += [abs(int(gap["households"]) - count) for count in below]
    if any(0 < count < LEAST for count in [*steps, int(gap["households"]), int(gap["undetermined"])]):
        return None
    return dict(gap)
