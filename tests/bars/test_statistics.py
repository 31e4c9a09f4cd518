"""P-03: from figures that leave their area no group of fewer than five can be worked out, by whatever sums."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from doudi.insight.logic.protected import publishable, told
from doudi.insight.logic.protected_money import money_told
from doudi.insight.logic.result_lines import COUNTED, Earlier
from doudi.lib.small_cells import LEAST, Cell, Guard, published
from tests.bars.conftest import Bar
from tests.lib.attacker import follows
from tests.lib.test_small_cells import table


@pytest.mark.bar(
    "P-03", "no count of one to four people follows from a published table, however its cells are combined"
)
def test_no_small_cell_follows_from_tables(bar: Bar) -> None:
    chance, found, small, shown, cells_in_all = random.Random(3), [], 0, 0, 0
    for at in range(bar.size(40, 2000)):
        height, width = chance.randint(2, 4), chance.randint(2, 4)
        rows = [[chance.choice((0, 0, 1, 2, 3, 4, 5, 7, 12, 40, 300)) for _ in range(width)] for _ in range(height)]
        people, cells, lines = table(rows)
        out = published(cells, Guard(people), lines=lines)
        public = [(cell.atoms, cell.people) for cell in cells if cell.key in out]
        cells_in_all, shown = cells_in_all + len(cells), shown + len(public)
        wanted = [cell.atoms for cell in cells] + [frozenset(pair) for line in lines for pair in combinations(line, 2)]
        for atoms in wanted:
            if 0 < sum(people[atom] for atom in atoms) < LEAST:
                small += 1
                found += [(at, sorted(atoms))] * follows(public, atoms, people)
    bar.says(f"{len(found)} of {small} small groups follow from the {shown} of {cells_in_all} cells that are told")
    assert small > 100 and not found, found[:3]
    assert shown * 2 > cells_in_all, "a table in which little is told is no statistic"


@pytest.mark.bar("P-03", "nor from questions over overlapping areas, or the same question on several days")
def test_no_small_group_follows_from_overlapping_areas_and_days(bar: Bar) -> None:
    chance, found, tried = random.Random(5), [], 0
    for at in range(bar.size(25, 1000)):
        days = [{f"a{n}": chance.choice((0, 1, 3, 5, 9, 30)) for n in range(6)}]
        days.append({name: max(0, count + chance.choice((-2, -1, 0, 0, 1, 6))) for name, count in days[0].items()})
        told_before: dict[frozenset[str], int] = {}
        for people in days:
            guard, public = Guard(people), []
            for atoms, before in told_before.items():
                guard.protect(dict.fromkeys(atoms, 1), abs(sum(people[a] for a in atoms) - before))
            for _ in range(6):
                asked = frozenset(chance.sample(sorted(people), chance.randint(1, 5)))
                total = sum(people[atom] for atom in asked)
                published([Cell("q", asked, total), *(Cell(str(n), k, c) for n, (k, c) in enumerate(public))], guard)
                if guard.follows(dict.fromkeys(asked, 1)):
                    public.append((asked, total))
            for atom, count in people.items():
                if 0 < count < LEAST:
                    tried += 1
                    found += [(at, atom)] * follows(public, frozenset({atom}), people)
            for atoms, before in told_before.items():
                if 0 < abs(sum(people[a] for a in atoms) - before) < LEAST:
                    tried += 1
                    found += [(at, sorted(atoms))] * follows(public, atoms, people)
            told_before |= dict(public)
    bar.says(f"{len(found)} of {tried} small groups and small changes follow")
    assert tried > 50 and not found, found[:3]


@pytest.mark.bar("P-03", "a simulation that leaves its area tells no line of fewer than five families, nor its money")
def test_a_simulation_tells_no_small_line(bar: Bar) -> None:
    chance, wrong, told_counts = random.Random(7), [], 0
    for _ in range(bar.size(3, 60)):
        result = _simulation(chance)
        counts = publishable(result)
        money = money_told(result, counts)
        shown = told(result, counts, money)
        for line in [shown["in_all"], *shown["areas"], *shown["sizes"], *shown["groups"], *shown["programmes"]]:
            for figure in COUNTED:
                side, _, name = figure.partition(".")
                value = line[side][name] if name else line[figure]
                wrong += [figure] * (value is not None and 0 < value < LEAST)
            for side in ("before", "after"):
                wrong += [side] * (line[side]["eligible"] is None and line[side]["month"] is not None)
        told_counts += len(counts)
        again = publishable(result, [Earlier(counts)])
        assert again == counts, "the same table again tells the same"
        moved = {key: count + 2 for key, count in counts.items() if count >= LEAST}
        repeated = publishable(result, [Earlier(moved)])
        wrong += [key for key in repeated if 0 < abs(repeated[key] - moved.get(key, repeated[key])) < LEAST]
    bar.says(f"{len(wrong)} small figures or changes among {told_counts} told")
    assert told_counts and not wrong, wrong[:5]


def _simulation(chance: random.Random) -> dict[str, object]:
    """A result of a county of five townships, its parts adding up."""
    areas = [_line(chance, f"99010100{n}") for n in range(5)]
    whole = _sum("", areas)
    group = _part(chance, "minors", whole)
    return {
        "in_all": whole, "areas": areas, "sizes": [_sum("1", areas[:2]), _sum("2", areas[2:])], "groups": [group],
        "programmes": [whole | {"key": "dibao"}], "counted": ["dibao"], "gap": None, "persons": 100,
        "persons_unknown": 0, "errors": 0,
    }  # fmt: skip


def _line(chance: random.Random, key: str) -> dict[str, object]:
    few = (0, 0, 1, 2, 3, 6, 20)
    kept, out, new, stays, unsure = (chance.choice(few) for _ in range(5))
    return _made(key, kept + 5, out, new, stays + 30, unsure)


def _made(key: str, kept: int, out: int, new: int, stays: int, unsure: int) -> dict[str, object]:
    households = kept + out + new + stays + unsure
    before = {"eligible": kept + out, "not_eligible": new + stays, "undetermined": unsure}
    after = {"eligible": kept + new, "not_eligible": out + stays, "undetermined": unsure}
    sums = {
        "month": "100.00",
        "year": "1200.00",
        "once": "0.00",
        "persons": 9,
        "persons_unknown": 0,
        "amount_unknown": 0,
    }
    return {
        "key": key, "label": {"zh": key, "en": key}, "households": households, "before": {**before, **sums},
        "after": {**after, **sums}, "newly_in": new, "out": out, "winners": new, "losers": out, "otherwise": 0,
        "unchanged": kept + stays, "undetermined": unsure, "_": (kept, out, new, stays, unsure),
    }  # fmt: skip


def _sum(key: str, lines: list[dict[str, object]]) -> dict[str, object]:
    return _made(key, *(sum(parts) for parts in zip(*(line["_"] for line in lines), strict=True)))  # type: ignore[misc]


def _part(chance: random.Random, key: str, whole: dict[str, object]) -> dict[str, object]:
    return _made(key, *(chance.randint(0, count) for count in whole["_"]))  # type: ignore[attr-defined]
