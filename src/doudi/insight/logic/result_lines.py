"""The lines of a simulation's totals: four views of the same households, the parts a line falls into, and how they hang
together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from doudi.lib.small_cells import LEAST, Cell, Guard

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
class Table:
    """Lines by name with the true count of every part."""

    people: dict[str, int] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)

    def take(self, name: str, line: Line, turn: int) -> None:
        """A line: its parts as atoms, its figures as cells."""
        parts = parts_of(line)
        self.people |= {f"{name}|{part}": count for part, count in parts.items()}
        self.lines += [[f"{name}|{part}" for part in own] for own in PARTS.values()]
        for figure, own in COUNTED.items():
            atoms = frozenset(f"{name}|{part}" for part in own)
            self.cells.append(Cell(f"{name}|{figure}", atoms, sum(parts[part] for part in own), turn))


def guarded(result: Mapping[str, Any], least: int = LEAST) -> tuple[Table, Guard]:
    """The table of a result, and a guard that knows how its parts hang together; `least` 0 protects nothing."""
    table = Table()
    for name, line, turn in named(result):
        table.take(name, line, turn)
    guard = Guard(table.people, least)
    for name, line, _turn in named(result):
        _relate(guard, name, line)
    for view in VIEWS:
        _adds_up(guard, view, result.get(view, ()))
    for name, _line, of in rests(result):
        _parts_of_whole(guard, name, of)
    _programmes(guard, result)
    return table, guard


def columns(result: Mapping[str, Any]) -> Iterator[list[str]]:
    """The same part of all lines of a view: a column of the table."""
    for view in VIEWS:
        for part in [part for way in PARTS.values() for part in way]:
            yield [f"{view}|{line['key']}|{part}" for line in result.get(view, ())]


def named(result: Mapping[str, Any]) -> Iterator[tuple[str, Line, int]]:
    """Every line with its name and turn; the whole first, then townships; what a group leaves over comes with it."""
    yield "all", result["in_all"], 0
    for turn, view in enumerate(("areas", "programmes", "sizes", "groups"), start=1):
        for line in result.get(view, ()):
            yield f"{view}|{line['key']}", line, turn
    for name, line, _of in rests(result):
        yield name, line, 9


def rests(result: Mapping[str, Any]) -> list[tuple[str, Line, str]]:
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


def parts_of(line: Line) -> dict[str, int]:
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
