"""A simulation's totals as they may leave the area: counts from which no group of fewer than five can be worked out.

Inside the area the figures are exact. Outside, a count that may not be told is None, and so is the money behind it.
Programmes, townships, groups and sizes are four views of the same households: what one view tells, another could be
taken off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from typing import Any

from doudi.lib.small_cells import LEAST, Cell, Guard, published

Line = Mapping[str, Any]
SIDES = ("before", "after")
MONEY = ("month", "year", "once")
CHANGES = ("winners", "losers", "otherwise", "unchanged", "undetermined")
PARTS: dict[str, tuple[str, ...]] = {
    "before": ("before.out", "before.kept", "before.not_eligible", "before.undetermined"),
    "after": ("after.newly_in", "after.kept", "after.not_eligible", "after.undetermined"),
    "change": CHANGES,
}
"""Three ways in which the households of a line fall apart."""
COUNTED: dict[str, tuple[str, ...]] = {
    "households": PARTS["before"],
    "before.eligible": ("before.out", "before.kept"),
    "before.not_eligible": ("before.not_eligible",),
    "before.undetermined": ("before.undetermined",),
    "after.eligible": ("after.newly_in", "after.kept"),
    "after.not_eligible": ("after.not_eligible",),
    "after.undetermined": ("after.undetermined",),
    "newly_in": ("after.newly_in",),
    "out": ("before.out",),
    **{name: (name,) for name in CHANGES},
}
"""Figures of a line, and the parts each counts."""
MOST_SMALL, MOST_CHANGED, MOST_TOGETHER = 20, 10, 4
VIEWS = ("areas", "sizes")
"""Lines of these views add up to the whole."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was published before of the same place, of whatever day and reform: the counts by name, the lines whose
    money was told, and the exact result they are of. Without the result only the counts told themselves are compared.
    """

    counts: Mapping[str, int]
    money: frozenset[str] = frozenset()
    result: Mapping[str, Any] | None = None


@dataclass(slots=True)
class _Table:
    """Lines by name with the true count of every part."""

    people: dict[str, int] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)

    def take(self, name: str, line: Line, turn: int) -> None:
        """A line: its parts as atoms, its figures as cells."""
        parts = _parts(line)
        self.people |= {f"{name}|{part}": count for part, count in parts.items()}
        self.lines += [[f"{name}|{part}" for part in own] for own in PARTS.values()]
        for figure, own in COUNTED.items():
            atoms = frozenset(f"{name}|{part}" for part in own)
            self.cells.append(Cell(f"{name}|{figure}", atoms, sum(parts[part] for part in own), turn))


def publishable(result: Mapping[str, Any], earlier: Iterable[Earlier] = ()) -> dict[str, int]:
    """The counts that may be told, by name `view|key|figure`, with their values."""
    table, guard = _guarded(result)
    _protect_unions(guard, table.cells)
    counts = {cell.key: cell.people for cell in table.cells}
    atoms = {cell.key: cell.atoms for cell in table.cells}
    for one in earlier:
        for key in counts.keys() & one.counts.keys():
            guard.protect(dict.fromkeys(atoms[key], 1), abs(counts[key] - one.counts[key]))
        if one.result is not None:
            _protect_changes(guard, table.cells, one.counts, one.result)
    shown = published(table.cells, guard, lines=[*table.lines, *_columns(result)], nested=False)
    return {key: counts[key] for key in sorted(shown)}


def _guarded(result: Mapping[str, Any], least: int = LEAST) -> tuple[_Table, Guard]:
    """The table of a result, and a guard that knows how its parts hang together; `least` 0 protects nothing."""
    table = _Table()
    for name, line, turn in _named(result):
        table.take(name, line, turn)
    guard = Guard(table.people, least)
    for name, line, _turn in _named(result):
        _relate(guard, name, line)
    for view in VIEWS:
        _adds_up(guard, view, result.get(view, ()))
    for name, _line, of in _rests(result):
        _parts_of_whole(guard, name, of)
    _programmes(guard, result)
    return table, guard


def _protect_changes(guard: Guard, cells: Sequence[Cell], counts: Mapping[str, int], result: Mapping[str, Any]) -> None:
    """Small changes since an earlier table, of cells and of some lines together, as far as that table gives them away:
    told or not, a count that follows from what it told is known of that day.
    """
    table, then = _guarded(result, 0)
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


def money_told(result: Mapping[str, Any], counts: Mapping[str, int], earlier: Iterable[Earlier] = ()) -> frozenset[str]:
    """The lines `view|key|side` whose money may be told: enough families behind it and behind what changed between the
    sides and since an earlier table, and no small one left when the others are taken off the whole.
    """
    lines = {name: (line, turn) for name, line, turn in _named(result)}
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
    for name, _line, of in _rests(result):
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
    changed = {name: _families_changed(line) for name, line, _turn in _named(result)}
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
    then = {name: line for name, line, _turn in _named(earlier.result)}
    for name, line, _turn in _named(result):
        for side in SIDES if name in then else ():
            own, before = line[side], then[name][side]
            is_same = all(own.get(kind) == before.get(kind) for kind in MONEY)
            if not is_same and abs(int(own["eligible"]) - int(before["eligible"])) < LEAST:
                guard.protect({f"{name}|{side}": 1}, 1)


def _named(result: Mapping[str, Any]) -> Iterator[tuple[str, Line, int]]:
    """Every line with its name and turn; the whole first, then townships; what a group leaves over comes with it."""
    yield "all", result["in_all"], 0
    for turn, view in enumerate(("areas", "programmes", "sizes", "groups"), start=1):
        for line in result.get(view, ()):
            yield f"{view}|{line['key']}", line, turn
    for name, line, _of in _rests(result):
        yield name, line, 9


def _rests(result: Mapping[str, Any]) -> list[tuple[str, Line, str]]:
    """Of every group the families that are not in it: a group taken off the whole tells of them."""
    whole = result["in_all"]
    return [(f"rest|{line['key']}", _less(whole, line), f"groups|{line['key']}") for line in result.get("groups", ())]


def _less(whole: Line, part: Line) -> dict[str, Any]:
    counts = ("households", "newly_in", "out", *CHANGES)
    made: dict[str, Any] = {name: int(whole[name]) - int(part[name]) for name in counts}
    for side in SIDES:
        states = ("eligible", "not_eligible", "undetermined")
        made[side] = {name: int(whole[side][name]) - int(part[side][name]) for name in states}
    return made


def _parts(line: Line) -> dict[str, int]:
    before, after = line["before"], line["after"]
    return {
        "before.out": int(line["out"]),
        "before.kept": int(before["eligible"]) - int(line["out"]),
        "before.not_eligible": int(before["not_eligible"]),
        "before.undetermined": int(before["undetermined"]),
        "after.newly_in": int(line["newly_in"]),
        "after.kept": int(after["eligible"]) - int(line["newly_in"]),
        "after.not_eligible": int(after["not_eligible"]),
        "after.undetermined": int(after["undetermined"]),
        **{name: int(line[name]) for name in CHANGES},
    }


def _relate(guard: Guard, name: str, line: Line) -> None:
    """The three ways to part a line give the same whole; with nothing undetermined, who was kept is kept."""
    first = {f"{name}|{part}": 1 for part in PARTS["before"]}
    for way in ("after", "change"):
        guard.given({**first, **{f"{name}|{part}": -1 for part in PARTS[way]}})
    if not int(line["before"]["undetermined"]) and not int(line["after"]["undetermined"]):
        guard.given({f"{name}|before.kept": 1, f"{name}|after.kept": -1})


def _adds_up(guard: Guard, view: str, lines: Sequence[Line]) -> None:
    """Part by part the lines of a view make the whole."""
    if lines:
        for part in [part for way in PARTS.values() for part in way]:
            guard.given({**{f"{view}|{line['key']}|{part}": 1 for line in lines}, f"all|{part}": -1})


def _parts_of_whole(guard: Guard, rest: str, group: str) -> None:
    for part in [part for way in PARTS.values() for part in way]:
        guard.given({f"{group}|{part}": 1, f"{rest}|{part}": 1, f"all|{part}": -1})


def _programmes(guard: Guard, result: Mapping[str, Any]) -> None:
    """A programme looks at all households; where the programmes that count make the whole, everybody may add them."""
    whole, lines = result["in_all"], result.get("programmes", ())
    for line in lines:
        if int(line["households"]) == int(whole["households"]):
            parts = {f"programmes|{line['key']}|{part}": 1 for part in PARTS["before"]}
            guard.given({**parts, **{f"all|{part}": -1 for part in PARTS["before"]}})
    counted = [line for line in lines if line["key"] in result.get("counted", ())]
    for side, parts_of in (("before", ("out", "kept")), ("after", ("newly_in", "kept"))):
        if counted and sum(int(line[side]["eligible"]) for line in counted) == int(whole[side]["eligible"]):
            form = {f"programmes|{line['key']}|{side}.{part}": 1 for line in counted for part in parts_of}
            guard.given({**form, **{f"all|{side}.{part}": -1 for part in parts_of}})


def _programmes_money(guard: Guard, result: Mapping[str, Any], side: str) -> None:
    counted = [line for line in result.get("programmes", ()) if line["key"] in result.get("counted", ())]
    total = sum((Decimal(line[side]["month"]) for line in counted), Decimal(0))
    if counted and total == Decimal(result["in_all"][side]["month"]):
        guard.given({**{f"programmes|{line['key']}|{side}": 1 for line in counted}, f"all|{side}": -1})


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


def _columns(result: Mapping[str, Any]) -> Iterator[list[str]]:
    """The same part of all lines of a view: a column of the table."""
    for view in VIEWS:
        for part in [part for way in PARTS.values() for part in way]:
            yield [f"{view}|{line['key']}|{part}" for line in result.get(view, ())]


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
