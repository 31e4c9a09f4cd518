"""An attacker on published tables who knows nothing of how they were made: adds, subtracts, and tries every world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product

Public = Sequence[tuple[frozenset[str], int]]


def follows(public: Public, wanted: frozenset[str], people: Mapping[str, int]) -> bool:
    """Whether the count of `wanted` is a sum of public counts with any factors; empty groups are known to be empty.

    Gaussian elimination over fractions: the rank does not rise when the wanted row is put beneath the public ones.
    """
    atoms = sorted(atom for atom, count in people.items() if count)
    rows = [[Fraction(int(atom in known)) for atom in atoms] for known, _count in public]
    target = [Fraction(int(atom in wanted)) for atom in atoms]
    return _rank([*rows, target]) == _rank(rows)


def _rank(rows: list[list[Fraction]]) -> int:
    left, rank = [row[:] for row in rows], 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in left[rank:] if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        left.insert(rank, pivot)
        for at in range(rank + 1, len(left)):
            factor = left[at][column] / pivot[column]
            if factor:
                left[at] = [mine - factor * theirs for mine, theirs in zip(left[at], pivot, strict=True)]
        rank += 1
    return rank


def worlds(atoms: Sequence[str], public: Public, most: int) -> Iterator[dict[str, int]]:
    """Every table of whole counts up to `most` that agrees with what is public. For four atoms or so."""
    limits = [min([count for known, count in public if atom in known], default=most) for atom in atoms]
    for values in product(*(range(limit + 1) for limit in limits)):
        world = dict(zip(atoms, values, strict=True))
        if all(sum(world[atom] for atom in known) == count for known, count in public):
            yield world
