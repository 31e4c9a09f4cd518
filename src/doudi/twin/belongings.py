"""What families own: homes and shops with their co-owners, vehicles, businesses, bank balances, subsidies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from doudi.twin import figures
from doudi.twin.families import CHILD, SPOUSE, Families
from doudi.twin.plan import Array, Plan, age_on, calendar, days, month_start

USES = ("住宅", "商业", "车位")
PROPERTY_STATES = ("现势", "历史")
VEHICLES = ("小型轿车", "普通二轮摩托车", "正三轮摩托车", "残疾人专用汽车")
VEHICLE_STATES = ("正常", "达到报废标准", "注销")
PRICES = ((58, 123, 215), (4, 6, 9), (4, 6, 9), (39, 46, 46))
"""Prices when new, in 1000 yuan tenths of 万元, by type of vehicle."""
BUSINESSES = ("有限责任公司", "个体工商户", "农民专业合作社")
BUSINESS_STATES = ("存续", "吊销", "注销")
BUSINESS_ROLES = ("股东", "法定代表人", "经营者")
CAPITALS = (1, 5, 10, 20, 100)
SUBSIDIES = ("稻谷补贴", "耕地地力保护补贴", "农机购置补贴")


@dataclass(frozen=True, slots=True)
class Belongings:
    """Rows by person; `property.unit` repeats for co-owners, `bank` has no row for those not answered about."""

    property: pa.Table
    vehicles: pa.Table
    businesses: pa.Table
    bank: pa.Table
    savings: Array
    subsidies: pa.Table


def own(plan: Plan, families: Families) -> Belongings:
    age = age_on(families.born, plan.cutoff)
    savings, bank = _money(plan, families, age)
    return Belongings(
        _property(plan, families), _vehicles(plan, families, age), _businesses(plan, families, age), bank, savings,
        _subsidies(plan, families),
    )  # fmt: skip


def _property(plan: Plan, families: Families) -> pa.Table:
    """Nearly every family has a home, some a second, a parking place or a shop; couples own two in three together."""
    rng = plan.stream("property")
    z, count = families.prosperity, len(families.size)
    chances: tuple[tuple[Array | float, int], ...]
    chances = ((0.93, 0), (0.07 + 0.05 * z, 0), (0.07 + 0.04 * z, 2), (0.055 + 0.03 * z, 1), (0.05, 0))
    owned = [
        (np.flatnonzero(rng.random(count) < np.asarray(chance)), use, place)
        for place, (chance, use) in enumerate(chances)
    ]
    home = np.concatenate([households for households, _, _ in owned])
    use = np.concatenate([np.full(len(households), use) for households, use, _ in owned])
    past = np.concatenate([np.full(len(households), place == 4) for households, _, place in owned])
    order = np.argsort(home, kind="stable")
    home, use, past = home[order], use[order], past[order] | (rng.random(len(home)) < 0.004)
    floor = np.select([use == 2, use == 1], [rng.uniform(10, 16, len(home)), rng.uniform(20, 150, len(home))], 0.0)
    floor = np.where(use == 0, np.clip(rng.normal(100, 32, len(home)), 28, 260), floor)
    couple = np.zeros(count, dtype=bool)
    couple[families.household[families.role == SPOUSE]] = True
    shared = np.flatnonzero(couple[home] & (rng.random(len(home)) < 0.66))
    rows = np.r_[np.arange(len(home)), shared]
    owner = families.start[home]
    person = np.r_[owner, owner[shared] + 1]
    order = np.argsort(rows, kind="stable")
    rows, person = rows[order], person[order]
    joint = np.isin(np.arange(len(home)), shared)
    return pa.table(
        {
            "person": person,
            "unit": _spread(rng, len(home), 10**14)[rows],
            "door": rng.integers(1, 300, len(home))[rows],
            "use": use[rows].astype(np.int8),
            "area": np.round(floor * 100).astype(np.int64)[rows],
            "joint": joint[rows],
            "registered": (plan.cutoff - rng.integers(60, 7600, len(home)))[rows],
            "state": past[rows].astype(np.int8),
        }
    )


def _vehicles(plan: Plan, families: Families, age: Array) -> pa.Table:
    rng = plan.stream("vehicles")
    z = families.of_household(families.prosperity)
    adult = (age >= 18) & (age < 75)
    share = figures.CARS_PER_HOUSEHOLD * len(families.size) / max(int(adult.sum()), 1)
    car = np.flatnonzero(adult & (rng.random(len(age)) < np.clip(share * np.exp(0.7 * z) * 0.78, 0, 0.9)))
    bike = np.flatnonzero(adult & (rng.random(len(age)) < 0.15))
    other = np.flatnonzero(adult & (rng.random(len(age)) < 0.018))
    person = np.r_[car, bike, other]
    kind = np.r_[np.zeros(len(car), int), np.where(rng.random(len(bike)) < 0.7, 1, 2), np.full(len(other), 3)]
    order = np.argsort(person, kind="stable")
    person, kind = person[order], kind[order]
    return pa.table(
        {
            "person": person,
            "plate": 10_000 + _spread(rng, len(person), 90_000 if len(person) < 80_000 else 9_000_000),
            "kind": kind.astype(np.int8),
            "registered": plan.cutoff - rng.integers(40, 6500, len(person)),
            "state": rng.choice(3, size=len(person), p=(0.91, 0.04, 0.05)).astype(np.int8),
            "price": np.array(PRICES)[kind, rng.integers(0, 3, len(person))],
        }
    )


def _businesses(plan: Plan, families: Families, age: Array) -> pa.Table:
    """Sole traders, companies, cooperatives; a company may have two members of one family in it."""
    rng = plan.stream("businesses")
    adult = np.flatnonzero((age >= 18) & (age < 80))
    first = adult[rng.random(len(adult)) < 0.055]
    kind = rng.choice(3, size=len(first), p=(0.19, 0.72, 0.09))
    capital = np.array(CAPITALS)[rng.choice(5, size=len(first), p=(0.25, 0.25, 0.05, 0.25, 0.2))]
    state = rng.choice(3, size=len(first), p=(0.64, 0.2, 0.16))
    role = np.where(kind == 1, 2, rng.integers(0, 2, len(first)))
    married = np.zeros(len(age), dtype=bool)
    married[np.flatnonzero(families.role == SPOUSE) - 1] = True
    both = np.flatnonzero((kind == 0) & married[first] & (rng.random(len(first)) < 0.2))
    rows = np.r_[np.arange(len(first)), both]
    return pa.table(
        {
            "person": np.r_[first, first[both] + 1],
            "code": _spread(rng, len(first), 10**10)[rows],
            "kind": kind[rows].astype(np.int8),
            "capital": capital[rows],
            "established": (plan.cutoff - rng.integers(300, 5000, len(first)))[rows],
            "state": state[rows].astype(np.int8),
            "role": np.r_[role, np.zeros(len(both), int)].astype(np.int8),
        }
    )


def _money(plan: Plan, families: Families, age: Array) -> tuple[Array, pa.Table]:
    """Everyone's savings; the bank table leaves out those about whom no answer came."""
    rng = plan.stream("bank")
    z = families.of_household(families.prosperity)
    small = (families.role == CHILD) & (age < 18)
    middle = np.where(small, 5.2, 9.3 + 1.0 * z + 0.01 * np.clip(age - 30, 0, 40))
    deposits = (np.exp(rng.normal(middle, np.where(small, 1.0, 0.9))) * 100).astype(np.int64)
    deposits[rng.random(len(age)) < 0.02] = 0
    wealth = np.where(
        (rng.random(len(age)) < np.clip(0.06 + 0.05 * z, 0.005, 0.4)) & ~small,
        np.exp(rng.normal(9.6, 1.0, len(age))) * 100, 0,
    ).astype(np.int64)  # fmt: skip
    answered = np.flatnonzero(rng.random(len(age)) >= figures.NOT_ANSWERED_SHARE)
    bank = pa.table({"person": answered, "deposits": deposits[answered], "wealth": wealth[answered]})
    return deposits + wealth, bank


def _subsidies(plan: Plan, families: Families) -> pa.Table:
    """Rural heads, one to three payments on the county's five paying days, one of them before the history."""
    rng = plan.stream("subsidies")
    heads = np.flatnonzero((~families.urban) & (rng.random(len(families.size)) < 0.75))
    times = rng.integers(1, 3, len(heads))
    person = families.start[np.repeat(heads, times)]
    pay_days = np.array(_pay_days(plan))
    return pa.table(
        {
            "person": person,
            "item": rng.integers(0, 3, len(person)).astype(np.int8),
            "cents": (np.exp(rng.normal(6.6, 0.6, len(person))) * 100).astype(np.int64),
            "day": pay_days[rng.integers(0, len(pay_days), len(person))],
        }
    )


def _pay_days(plan: Plan) -> list[int]:
    """18 March, 12 September, 5 November, 20 March, 10 June in a history that ends in June."""
    offsets = ((-15, 17), (-9, 11), (-7, 4), (-3, 19), (0, 9))
    return [days(calendar(month_start(plan.last, months))) + day for months, day in offsets]


def _spread(rng: np.random.Generator, count: int, below: int) -> Array:
    """Different whole numbers below a limit that look drawn."""
    step = int(below * 0.618034) | 1
    while np.gcd(step, below) != 1:
        step += 2
    return np.asarray((int(rng.integers(0, below)) + np.arange(count, dtype=np.int64) * step % below) % below)
