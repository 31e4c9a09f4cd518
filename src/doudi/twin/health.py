"""Deaths, disability certificates and medical settlements with their refunds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from doudi.twin import figures
from doudi.twin.families import Families
from doudi.twin.plan import Array, Plan, age_on, month_start

ALIVE = 2**31 - 1
"""Day of death of the living."""
KINDS = ("住院", "普通门诊", "门诊慢特")
ILLNESSES = ("恶性肿瘤", "骨折", "慢性肾衰竭透析", "高血压", "糖尿病", "肺炎", "")
GRADES = ("一级", "二级", "三级", "四级")
CARD_STATES = ("有效", "过期", "注销")


@dataclass(frozen=True, slots=True)
class Health:
    """What is true of each person: the day of death (ALIVE for the living), grade of disability (0 none), illness."""

    died: Array
    death_reported: Array
    death_registered: Array
    grade: Array
    seriously_ill: Array
    cards: pa.Table
    settlements: pa.Table


def live(plan: Plan, families: Families) -> Health:
    """Health of everyone over the history."""
    age = age_on(families.born, plan.cutoff)
    died, reported, registered = _deaths(plan, families, age)
    grade, cards = _disabilities(plan, families, age)
    ill = _serious_illness(plan, age, grade)
    settlements = _settlements(plan, families, age, ill, died)
    return Health(died, reported, registered, grade, ill, cards, settlements)


def _deaths(plan: Plan, families: Families, age: Array) -> tuple[Array, Array, Array]:
    """Deaths of twelve months, more with age; the health bureau and the register each miss some, never the same."""
    rng = plan.stream("deaths")
    risk = np.exp(np.clip(age, 0, 98) * 0.085)
    rate = (0.02 if plan.pack else figures.DEATHS_PER_1000 / 1000) * len(age) / risk.sum()
    dead = rng.random(len(age)) < risk * rate
    if plan.pack:
        dead |= rng.random(len(age)) < 0.012
    died = np.where(dead, plan.cutoff - rng.integers(0, 330, len(age)), ALIVE)
    died = np.where(died < families.born + 30, ALIVE, died)
    if not (died < ALIVE).any():  # an empty delivery would say nothing
        died[int(np.argmax(age))] = plan.cutoff - 100
    dead = died < ALIVE
    draw = rng.random(len(age))
    draw[np.flatnonzero(dead)[:1]] = 0.0
    return died, dead & (draw < 0.85), dead & ((draw > 0.30) | (draw < 0.05))


def _disabilities(plan: Plan, families: Families, age: Array) -> tuple[Array, pa.Table]:
    """Certificates: one in twenty holders has an older, cancelled one besides."""
    rng = plan.stream("disability")
    weights = np.array(list(figures.DISABILITY_CATEGORIES.values()), dtype=float)
    share = 0.06 if plan.pack else figures.CARD_SHARE
    risk = np.where(age < 18, 0.4, np.where(age < 60, 0.8, 2.0)) * np.exp(
        -0.35 * families.prosperity[families.household]
    )
    holders = np.flatnonzero(rng.random(len(age)) < share * risk / risk.mean())
    category = rng.choice(len(weights), size=len(holders), p=weights / weights.sum())
    severe = rng.random(len(holders)) < figures.SEVERE_SHARE
    grade = np.where(severe, 1, 3) + rng.integers(0, 2, len(holders))
    state = rng.choice(3, size=len(holders), p=(0.92, 0.05, 0.03))
    true_grade = np.zeros(len(age), dtype=np.int8)
    true_grade[holders] = np.where(state == 0, grade, 0)
    again = np.flatnonzero(rng.random(len(holders)) < 0.05)
    person = np.r_[holders, holders[again]]
    issued = np.maximum(families.born[person] + 400, days_of_year(rng.integers(2010, 2025, len(person))))
    cards = pa.table(
        {
            "person": person,
            "category": np.r_[category, category[again]].astype(np.int8),
            "grade": np.r_[grade, np.minimum(grade[again] + 1, 4)].astype(np.int8),
            "issued": np.minimum(issued, plan.cutoff - 30),
            "state": np.r_[state, np.full(len(again), 2)].astype(np.int8),
            "renewed": rng.random(len(person)) < 0.08,
        }
    )
    return true_grade, cards


def days_of_year(years: Array) -> Array:
    """5 March of each year, the day certificates of the county bear."""
    return np.asarray(
        (years.astype("int64") - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + 63
    )


def _serious_illness(plan: Plan, age: Array, grade: Array) -> Array:
    rng = plan.stream("illness")
    share = (0.035 if plan.pack else 0.008) * np.where(age > 55, 2.2, np.where(age < 15, 0.4, 0.8))
    return np.asarray(rng.random(len(age)) < share + 0.03 * (grade > 0))


def _settlements(plan: Plan, families: Families, age: Array, ill: Array, died: Array) -> pa.Table:
    """Visits from two months before the history to its end; the seriously ill are in hospital again and again."""
    rng = plan.stream("settlements")
    rate = 0.35 + 0.35 * (age > 60) + 0.2 * (age < 6) + 5.0 * ill
    visits = rng.poisson(rate)
    person = np.repeat(np.arange(len(age)), visits)
    begin = month_start(plan.last, -plan.months - 1)
    day = begin + (rng.random(len(person)) * (plan.cutoff - begin + 1)).astype(np.int64)
    kept = (day <= died[person]) & (day >= families.born[person])
    person, day = person[kept], day[kept]
    hard = ill[person]
    kind = np.where(rng.random(len(person)) < np.where(hard, 0.6, 0.25), 0, rng.integers(1, 3, len(person)))
    middle = np.where(kind == 0, np.where(hard, 10.2, 8.7), np.where(kind == 1, 5.4, 6.8))
    total = np.maximum(np.exp(rng.normal(middle, 0.8)) * 100, 1500).astype(np.int64)
    pooled = (total * rng.uniform(0.30, 0.65, len(total)) * np.where(kind == 0, 1.0, 0.9)).astype(np.int64)
    major = (pooled * rng.uniform(0.1, 0.25, len(total))).astype(np.int64)
    aid = (major * 0.33).astype(np.int64)
    illness = np.where(hard, rng.integers(0, 3, len(person)), rng.integers(1, len(ILLNESSES), len(person)))
    refunds = np.flatnonzero(rng.random(len(person)) < 0.03)
    back = day[refunds] + rng.integers(1, 60, len(refunds))
    refunds, back = refunds[back <= plan.cutoff], back[back <= plan.cutoff]
    rows = np.r_[np.arange(len(person)), refunds]
    sign = np.r_[np.ones(len(person), dtype=np.int64), np.full(len(refunds), -1)]
    order = np.argsort(person[rows], kind="stable")
    rows, sign, day = rows[order], sign[order], np.r_[day, back][order]
    return pa.table(
        {
            "serial": _serials(rng, len(rows)),
            "person": person[rows],
            "day": day,
            "kind": kind[rows].astype(np.int8),
            "illness": illness[rows].astype(np.int8),
            "total": total[rows] * sign,
            "pooled": pooled[rows] * sign,
            "major": major[rows] * sign,
            "aid": aid[rows] * sign,
            "paid": (total - pooled - major - aid)[rows] * sign,
        }
    )


def _serials(rng: np.random.Generator, count: int) -> Array:
    """Serial numbers that never repeat and look drawn: steps of a long stride through twelve digits."""
    return np.asarray((int(rng.integers(10**11, 10**12)) + np.arange(count, dtype=np.int64) * 61_803_398_879) % 10**12)
