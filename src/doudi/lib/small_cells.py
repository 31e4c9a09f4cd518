"""Small cells: which counts of a table may be published so that no group of fewer than five people can be worked out.

A cell counts the people of some atoms (the finest groups there are). Whoever has several cells can add and subtract
them; what follows is everything in the linear span of what is public. So a cell is let out only if no protected group
comes into that span: this covers the small cell itself, the second cell of a row through which it could be subtracted
(complementary suppression), a larger area less a smaller one, and the same cell on two days.

Groups that are empty are no secret and help an attacker, so they are taken as known. With them gone every count left is
above zero, and then a count that follows at all (also from "no count is negative") follows linearly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

LEAST = 5
_PRIME = 2**61 - 1
"""Sums are kept modulo a prime: what follows always follows here, too; the converse fails once in 10^18."""
_MOST_SMALL = 24
_MOST_TOGETHER = 4
Form = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """A count somebody would publish: its name, the atoms it counts, its people, its turn (lower goes first)."""

    key: str
    atoms: frozenset[str]
    people: int
    turn: int = 0


class Guard:
    """What is public, and what must not follow from it. `people` are the true counts of the atoms."""

    def __init__(self, people: Mapping[str, int], least: int = LEAST) -> None:
        self._people, self._least = people, least
        self._basis: dict[str, dict[str, int]] = {}
        self._protected: list[dict[str, int]] = []
        self._shapes: dict[tuple[tuple[str, int], ...], int] = {}
        for atom, count in people.items():
            self.protect({atom: 1}, count)

    def protect(self, form: Form, people: int) -> None:
        """A group that must not be known: of some people, but fewer than the least. What is known already stays so."""
        if 0 < people < self._least:
            left = self._reduced(form)
            if left:
                self._protected.append(left)
                self._count(left, 1)

    def protect_together(self, atoms: Iterable[str]) -> None:
        """Small atoms of one line, by two, three and four together, as long as they are few people."""
        small = sorted(atom for atom in atoms if 0 < self._people.get(atom, 0) < self._least)[:_MOST_SMALL]
        for size in range(2, _MOST_TOGETHER + 1):
            for chosen in combinations(small, size):
                self.protect(dict.fromkeys(chosen, 1), sum(self._people[atom] for atom in chosen))

    def given(self, form: Form) -> None:
        """What everybody knows anyway: that parts make a whole, what was published before."""
        left = self._reduced(form)
        if left:
            self._take(left)

    def publish(self, form: Form) -> bool:
        """Let a sum out, if no protected group follows from it and what is public."""
        left = self._reduced(form)
        if not left:
            return True
        if self._shapes.get(_shape(left), 0):
            return False
        self._take(left)
        return True

    def follows(self, form: Form) -> bool:
        """Whether a sum can be worked out from what is public."""
        return not self._reduced(form)

    def _reduced(self, form: Form) -> dict[str, int]:
        """What of a form is not public: empty atoms left out, public rows taken off."""
        left: dict[str, int] = {}
        for atom, factor in form.items():
            if self._people.get(atom, 1):
                row = self._basis.get(atom)
                if row is None:
                    _add(left, {atom: 1}, factor)
                else:
                    _add(left, {name: -value for name, value in row.items() if name != atom}, factor)
        return left

    def _take(self, left: dict[str, int]) -> None:
        """One more public row; every row and every protected form is written without its pivot."""
        pivot = min(left)
        inverse = pow(left[pivot], -1, _PRIME)
        row = {name: value * inverse % _PRIME for name, value in left.items()}
        for other in self._basis.values():
            _clear(other, pivot, row)
        self._basis[pivot] = row
        for form in self._protected:
            if pivot in form:
                self._count(form, -1)
                _clear(form, pivot, row)
                self._count(form, 1)
        self._protected = [form for form in self._protected if form]

    def _count(self, form: dict[str, int], by: int) -> None:
        if form:
            shape = _shape(form)
            self._shapes[shape] = self._shapes.get(shape, 0) + by


def published(
    cells: Sequence[Cell], guard: Guard, *, lines: Iterable[Iterable[str]] = (), nested: bool = True
) -> frozenset[str]:
    """The names of the cells that may be published, totals first. `lines` are rows and columns of atoms. A cell of few
    people is protected itself, however many atoms they are spread over.

    With `nested` the difference of every two cells, one within the other, is a group to protect as well.
    """
    for cell in cells:
        guard.protect(dict.fromkeys(cell.atoms, 1), cell.people)
    for line in lines:
        guard.protect_together(line)
    if nested:
        _protect_differences(cells, guard)
    ordered = sorted(cells, key=lambda cell: (cell.turn, -cell.people, cell.key))
    return frozenset(cell.key for cell in ordered if guard.publish(dict.fromkeys(cell.atoms, 1)))


def _protect_differences(cells: Sequence[Cell], guard: Guard) -> None:
    by_size = sorted(cells, key=lambda cell: cell.people)
    for at, smaller in enumerate(by_size):
        for larger in by_size[at + 1 :]:
            if larger.people - smaller.people >= guard._least:
                break
            if smaller.atoms < larger.atoms:
                guard.protect(dict.fromkeys(larger.atoms - smaller.atoms, 1), larger.people - smaller.people)


def _shape(form: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """A form up to a factor."""
    items = sorted(form.items())
    inverse = pow(items[0][1], -1, _PRIME)
    return tuple((name, value * inverse % _PRIME) for name, value in items)


def _add(into: dict[str, int], form: Form, factor: int) -> None:
    for name, value in form.items():
        made = (into.get(name, 0) + factor * value) % _PRIME
        if made:
            into[name] = made
        else:
            into.pop(name, None)


def _clear(form: dict[str, int], pivot: str, row: Form) -> None:
    """The form without the pivot: the public row is taken off as often as it stands there."""
    factor = form.get(pivot, 0)
    if factor:
        _add(form, row, -factor)
