"""Families and their people as columns: who lives with whom, ages, sex, numbers, names, where.

A family is built from its size by a pattern (a spouse or none, children, parents of the head), its ages from the
head's: a child is at least 20 years younger than the younger of the couple, a parent as much older than the head.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from doudi.twin import figures
from doudi.twin.land import Land
from doudi.twin.names import HAN, MINORITIES, draw_surnames, han_names, minority_names
from doudi.twin.numbers import numbers
from doudi.twin.plan import COUNTY, Array, Plan

HEAD, SPOUSE, CHILD, PARENT = range(4)
ROLES = ("户主", "配偶", "子女", "父母")
OLD, MIDDLE, YOUNG = range(3)
_AGES = {OLD: (60, 88), MIDDLE: (40, 66), YOUNG: (23, 46)}
# size: (weight, spouse, children, parents, weights of the head being old, middle-aged, young)
PATTERNS: dict[int, tuple[tuple[float, int, int, int, tuple[float, float, float]], ...]] = {
    1: ((1.0, 0, 0, 0, (0.30, 0.42, 0.28)),),
    2: ((0.70, 1, 0, 0, (0.37, 0.43, 0.20)), (0.20, 0, 1, 0, (0.0, 0.45, 0.55)), (0.10, 0, 0, 1, (0.0, 0.8, 0.2))),
    3: ((0.76, 1, 1, 0, (0.0, 0.42, 0.58)), (0.10, 1, 0, 1, (0.0, 0.8, 0.2)), (0.14, 0, 2, 0, (0.0, 0.4, 0.6))),
    4: ((0.70, 1, 2, 0, (0.0, 0.25, 0.75)), (0.30, 1, 1, 1, (0.0, 0.55, 0.45))),
    5: ((0.50, 1, 2, 1, (0.0, 0.35, 0.65)), (0.50, 1, 1, 2, (0.0, 0.35, 0.65))),
    6: ((0.70, 1, 2, 2, (0.0, 0.3, 0.7)), (0.30, 1, 3, 1, (0.0, 0.3, 0.7))),
    7: ((1.0, 1, 3, 2, (0.0, 0.3, 0.7)),),
    8: ((1.0, 1, 4, 2, (0.0, 0.2, 0.8)),),
}


@dataclass(frozen=True, slots=True)
class Families:
    """Households (arrays of one row a household) and people (in household order, the head first)."""

    size: Array
    start: Array
    urban: Array
    village: Array
    prosperity: Array
    household: Array
    role: Array
    male: Array
    born: Array
    number: Array
    name: pa.Array
    people: pa.Array

    @property
    def count(self) -> int:
        return len(self.household)

    def of_household(self, column: Array) -> Array:
        """A household's value for each of its people."""
        return np.asarray(column[self.household])

    def any_of(self, mask: Array) -> Array:
        """Households with at least one such person."""
        return np.asarray(np.bincount(self.household[mask], minlength=len(self.size)) > 0)


def found(plan: Plan, land: Land) -> Families:
    """All families of a county."""
    rng = plan.stream("families")
    size = 1 + rng.choice(8, size=plan.households, p=figures.HOUSEHOLD_SIZES)
    spouse, children, _, stage = _patterns(rng, size)
    start = np.concatenate([[0], np.cumsum(size)[:-1]])
    household = np.repeat(np.arange(plan.households), size)
    place = np.arange(len(household)) - start[household]
    role = np.where(place == 0, HEAD, np.where(place <= spouse[household], SPOUSE, CHILD))
    role = np.where(place > (spouse + children)[household], PARENT, role).astype(np.int8)
    urban = rng.random(plan.households) < figures.URBAN_SHARE
    male = _sexes(rng, role, household, spouse)
    born = _births(plan, rng, stage, role, household)
    prefix = np.full(len(household), int(COUNTY))
    married_in = (role == SPOUSE) & (rng.random(len(household)) < 0.1)
    prefix = np.where(married_in, int(COUNTY) + rng.integers(1, 9, len(household)), prefix)
    name, people = _names(plan, household, role, male)
    return Families(
        size, start, urban, _villages(rng, land, urban), rng.standard_normal(plan.households), household, role, male,
        born, numbers(prefix, born, male), name, people,
    )  # fmt: skip


def _patterns(rng: np.random.Generator, size: Array) -> tuple[Array, Array, Array, Array]:
    columns = np.zeros((4, len(size)), dtype=np.int64)
    for people, patterns in PATTERNS.items():
        here = np.flatnonzero(size == people)
        chosen = rng.choice(len(patterns), size=len(here), p=[pattern[0] for pattern in patterns])
        for index, (_, spouse, children, parents, stages) in enumerate(patterns):
            rows = here[chosen == index]
            columns[:3, rows] = np.array([[spouse], [children], [parents]])
            columns[3, rows] = rng.choice(3, size=len(rows), p=stages)
    return columns[0], columns[1], columns[2], columns[3]


def _sexes(rng: np.random.Generator, role: Array, household: Array, spouse: Array) -> Array:
    """Heads of couples are men three times in four; spouses are of the other sex; two parents are a couple."""
    draw = rng.random(len(role))
    boys = figures.SEX_RATIO_AT_BIRTH / (100 + figures.SEX_RATIO_AT_BIRTH)
    male = np.where(role == CHILD, draw < boys, draw < np.where(spouse[household] == 1, 0.75, 0.56))
    spouses = np.flatnonzero(role == SPOUSE)
    male[spouses] = ~male[spouses - 1]
    parent = role == PARENT
    male[parent] = draw[parent] < 0.42
    second = np.flatnonzero(parent[1:] & parent[:-1] & (household[1:] == household[:-1])) + 1
    male[second] = ~male[second - 1]
    return male


def _births(plan: Plan, rng: np.random.Generator, stage: Array, role: Array, household: Array) -> Array:
    """Days of birth, from ages in days on the last day of the history."""
    low = np.array([_AGES[s][0] for s in (OLD, MIDDLE, YOUNG)])[stage]
    high = np.array([_AGES[s][1] for s in (OLD, MIDDLE, YOUNG)])[stage]
    draw = np.where(stage == OLD, rng.random(len(stage)) ** 1.6, rng.random(len(stage)))
    head = ((low + draw * (high - low)) * 365.25).astype(np.int64)
    gap = np.clip(rng.normal(-1.5, 3.0, len(role)), -9, 9) * 365.25
    age = head[household].copy()
    mates = role == SPOUSE
    age[mates] = np.maximum(age[mates] + gap[mates].astype(np.int64), 21 * 366 + rng.integers(0, 700, mates.sum()))
    youngest = head.copy()
    youngest[household[mates]] = np.minimum(head[household[mates]], age[mates])
    children, parents = role == CHILD, role == PARENT
    widest = np.minimum(youngest[household[children]], 38 * 365.25)
    spread = np.maximum(widest - 20 * 366, 0)
    age[children] = np.maximum(youngest[household[children]] - 20 * 366 - (rng.random(children.sum()) * spread), 0)
    older = 20 * 366 + rng.beta(2.0, 3.0, parents.sum()) * 16 * 365.25
    age[parents] = np.minimum(head[household[parents]] + older, 99 * 365.25)
    return np.asarray(plan.cutoff - age.astype(np.int64))


def _villages(rng: np.random.Generator, land: Land, urban: Array) -> Array:
    rural = len(land.villages) - land.town_villages
    draw = rng.random(len(urban))
    towns = (draw * land.town_villages).astype(np.int64)
    return np.asarray(land.villages[np.where(urban, towns, land.town_villages + (draw * rural).astype(np.int64))])


def _names(plan: Plan, household: Array, role: Array, male: Array) -> tuple[pa.Array, pa.Array]:
    """Children bear their father's surname, else their mother's; a parent shares the head's in half of the families."""
    rng = plan.stream("names")
    own = draw_surnames(rng, len(role))
    heads = np.flatnonzero(role == HEAD)
    wives = np.flatnonzero((role == SPOUSE) & male)
    line = own[heads].copy()
    line[household[wives]] = own[wives]
    shares = (role == CHILD) | ((role == PARENT) & male)
    surname = np.where(shares, line[household], own)
    names = han_names(rng, surname, male)
    minority = rng.random(plan.households) < figures.MINORITY_SHARE
    kind = rng.integers(0, len(MINORITIES), plan.households)
    other, people = minority_names(rng, kind[household])
    mask = pa.array(minority[household])
    return pc.if_else(mask, other, names), pc.if_else(mask, people, HAN)
