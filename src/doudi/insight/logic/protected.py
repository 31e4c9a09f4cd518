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
MOST_SMALL, MOST_TOGETHER = 20, 4
VIEWS = ("areas", "sizes")
"""Lines of these views add up to the whole."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The counts by name that were published before of the same place, of whatever day and reform."""

    counts: Mapping[str, int]


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
    table = _Table()
    for name, line, turn in _named(result):
        table.take(name, line, turn)
    guard = Guard(table.people)
    for name, line, _turn in _named(result):
        _relate(guard, name, line)
    for view in VIEWS:
        _adds_up(guard, view, result.get(view, ()))
    rests = _rests(result)
    for name, _line, of in rests:
        _parts_of_whole(guard, name, of)
    _programmes(guard, result)
    _protect_unions(guard, table.cells)
    counts = {cell.key: cell.people for cell in table.cells}
    atoms = {cell.key: cell.atoms for cell in table.cells}
    for one in earlier:
        for key in counts.keys() & one.counts.keys():
            guard.protect(dict.fromkeys(atoms[key], 1), abs(counts[key] - one.counts[key]))
    shown = published(table.cells, guard, lines=[*table.lines, *_columns(result)], nested=False)
    return {key: counts[key] for key in sorted(shown)}


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


def money_told(result: Mapping[str, Any], counts: Mapping[str, int]) -> frozenset[str]:
    """The lines `view|key|side` whose money may be told: enough families behind it, and no small one left when the
    others are taken off the whole."""
    found: set[str] = set()
    for side in SIDES:
        people = {f"{name}|{side}": int(line[side]["eligible"]) for name, line, _turn in _named(result)}
        guard = Guard(people)
        for view in VIEWS:
            form = {f"{view}|{line['key']}|{side}": 1 for line in result.get(view, ())}
            if form:
                guard.given({**form, f"all|{side}": -1})
        for name, _line, of in _rests(result):
            guard.given({f"{of}|{side}": 1, f"{name}|{side}": 1, f"all|{side}": -1})
        _programmes_money(guard, result, side)
        known = [
            Cell(f"{name}|{side}", frozenset({f"{name}|{side}"}), people[f"{name}|{side}"], turn)
            for name, _line, turn in _named(result)
            if f"{name}|{side}.eligible" in counts
        ]
        found |= published(known, guard, nested=False)
    return frozenset(found)


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
