"""What is published of a table tells nothing of fewer than five people: seen by an attacker who tries every world."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from doudi.lib.small_cells import LEAST, Cell, Guard, published
from tests.lib.attacker import follows, worlds

COUNTS = st.lists(st.integers(0, 12), min_size=4, max_size=9)


def table(rows: list[list[int]], prefix: str = "") -> tuple[dict[str, int], list[Cell], list[list[str]]]:
    """Atoms, cells (inner, sums of rows and columns, the whole) and lines of a table."""
    people = {f"{prefix}{r}.{c}": count for r, row in enumerate(rows) for c, count in enumerate(row)}
    height, width = len(rows), len(rows[0])
    lines = [[f"{prefix}{r}.{c}" for c in range(width)] for r in range(height)]
    lines += [[f"{prefix}{r}.{c}" for r in range(height)] for c in range(width)]
    sets = [([f"{prefix}{r}.{c}"], 2) for r, c in product(range(height), range(width))]
    sets += [(line, 1) for line in lines] + [([*people], 0)]
    cells = [Cell("+".join(own), frozenset(own), sum(people[a] for a in own), turn) for own, turn in sets]
    return people, cells, lines


def test_a_small_cell_and_one_more_of_its_row_and_column_are_left_out() -> None:
    people, cells, lines = table([[20, 3, 40], [30, 50, 60], [70, 80, 90]])
    out = published(cells, Guard(people), lines=lines)
    assert "0.1" not in out
    inner = {f"{r}.{c}" for r in range(3) for c in range(3)}
    assert len(inner - out) >= 4, "a lone hole, or two in a row, could be filled by subtraction"
    assert "+".join(people) in out and len(inner & out) >= 5


def test_a_table_without_small_cells_is_published_whole() -> None:
    people, cells, lines = table([[20, 13, 40], [30, 50, 60]])
    assert published(cells, Guard(people), lines=lines) == {cell.key for cell in cells}


def test_a_whole_of_few_people_is_not_told_however_they_are_spread() -> None:
    people, cells, lines = table([[1, 1], [1, 1]])
    assert not published(cells, Guard(people), lines=lines)
    people, cells, lines = table([[1, 0, 2], [0, 0, 0], [40, 0, 1]])
    assert "+".join(people) in published(cells, Guard(people), lines=lines)


def test_zero_is_told_and_helps_nobody_to_find_a_small_cell() -> None:
    people, cells, lines = table([[20, 0, 3], [30, 50, 60]])
    out = published(cells, Guard(people), lines=lines)
    assert "0.1" in out and "0.2" not in out and "0.0" not in out


def test_a_county_less_its_other_towns_tells_nothing_of_a_small_one() -> None:
    """Overlapping areas: the county was published, then the county without one town is asked for."""
    people = {"a": 40, "b": 30, "c": 2}
    guard = Guard(people)
    whole, rest = Cell("all", frozenset("abc"), 72), Cell("rest", frozenset("ab"), 70)
    assert published([whole], guard) == {"all"}
    assert published([rest], guard) == frozenset()
    assert published([Cell("a", frozenset("a"), 40)], guard) == {"a"}
    assert published([Cell("b", frozenset("b"), 30)], guard) == frozenset()


def test_two_days_of_the_same_count_tell_nothing_of_the_few_who_came_or_went() -> None:
    yesterday, today = 40, 42
    guard = Guard({"t": today, "u": 60})
    guard.protect({"t": 1}, today - yesterday)
    assert not guard.publish({"t": 1})
    assert guard.publish({"t": 1, "u": 1}) and not guard.publish({"u": 1}), "nor through the total and the rest"


@settings(max_examples=120)
@given(
    st.integers(2, 3).flatmap(
        lambda w: st.lists(st.lists(st.integers(0, 9), min_size=w, max_size=w), min_size=2, max_size=3)
    )
)
def test_no_small_group_follows_from_what_is_public(rows: list[list[int]]) -> None:
    people, cells, lines = table(rows)
    out = published(cells, Guard(people), lines=lines)
    public = [(cell.atoms, cell.people) for cell in cells if cell.key in out]
    for cell in cells:
        if 0 < cell.people < LEAST:
            assert not follows(public, cell.atoms, people)
    for line in lines:
        small = [atom for atom in line if 0 < people[atom] < LEAST]
        if 0 < sum(people[a] for a in small) < LEAST:
            assert not follows(public, frozenset(small), people)


@settings(max_examples=60)
@given(st.lists(st.integers(0, 6), min_size=4, max_size=4))
def test_an_attacker_who_tries_every_world_is_never_sure(counts: list[int]) -> None:
    """Two by two: every table of counts that agrees with what is public; a small cell has at least two values."""
    people, cells, lines = table([counts[:2], counts[2:]])
    out = published(cells, Guard(people), lines=lines)
    public = [(cell.atoms, cell.people) for cell in cells if cell.key in out]
    seen = list(worlds(sorted(people), public, most=2 * max(sum(counts), 1)))
    assert people in seen
    for atom, count in people.items():
        if 0 < count < LEAST:
            assert len({world[atom] for world in seen}) > 1


@settings(max_examples=60)
@given(COUNTS, st.data())
def test_queries_over_overlapping_areas_one_after_the_other(counts: list[int], data: st.DataObject) -> None:
    """Somebody asks for one union of areas after another, each answered or not, as the guard says."""
    people = {f"a{at}": count for at, count in enumerate(counts)}
    guard = Guard(people)
    public: list[tuple[frozenset[str], int]] = []
    for _ in range(data.draw(st.integers(2, 8))):
        asked = frozenset(data.draw(st.sets(st.sampled_from(sorted(people)), min_size=1)))
        total = sum(people[atom] for atom in asked)
        published([Cell("q", asked, total), *_known(public)], guard)
        if guard.follows(dict.fromkeys(asked, 1)):
            public.append((asked, total))
    for atom, count in people.items():
        if 0 < count < LEAST:
            assert not follows(public, frozenset({atom}), people)


def _known(public: list[tuple[frozenset[str], int]]) -> list[Cell]:
    return [Cell(f"known{at}", atoms, total) for at, (atoms, total) in enumerate(public)]


def test_the_attacker_of_these_tests_can_subtract() -> None:
    people = {"a": 10, "b": 3}
    public = [(frozenset("ab"), 13), (frozenset("a"), 10)]
    assert follows(public, frozenset("b"), people)
    assert not follows(public[:1], frozenset("b"), people)
    assert Fraction(1) == 1
