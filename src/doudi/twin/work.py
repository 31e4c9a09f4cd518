"""Schooling, custody, jobs with wages month by month, pensions, and income no department sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from doudi.twin import figures
from doudi.twin.families import CHILD, Families
from doudi.twin.health import Health
from doudi.twin.plan import Array, Plan, age_on, month_start

STAGES = ("小学", "初中", "普通高中", "中职", "全日制专科", "全日制本科")
PAYERS = (
    "云溪县宏达建材有限公司",
    "云溪县民政福利厂",
    "石桥水泥制品厂",
    "个人雇主",
    "望江物业服务中心",
    "青山茶业合作社",
)
SCHEMES = ("城乡居民", "城镇职工")
PENSION_STATES = ("在发", "暂停")
CUSTODY_KINDS = ("服刑", "强制隔离戒毒")
CORRECTION = "更正申报"
FAR = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Work:
    """`stage` is −1 for those not at school, `unseen` a household's yearly income that no department knows (in fen)."""

    stage: Array
    schools: pa.Table
    custody: pa.Table
    held_from: Array
    wages: pa.Table
    pensions: pa.Table
    unseen: Array


def earn(plan: Plan, families: Families, health: Health) -> Work:
    """What everyone learns, does and earns over the history."""
    age = age_on(families.born, plan.cutoff)
    stage, schools = _schooling(plan, families, age, health)
    held_from, custody = _custody(plan, age, health)
    wages = _wages(plan, families, age, health, stage, held_from)
    return Work(stage, schools, custody, held_from, wages, _pensions(plan, families, age), _unseen(plan, families))


def _schooling(plan: Plan, families: Families, age: Array, health: Health) -> tuple[Array, pa.Table]:
    rng = plan.stream("schooling")
    draw, track = rng.random(len(age)), rng.random(len(age))
    alive = health.died == FAR
    stage = np.full(len(age), -1, dtype=np.int8)
    stage[(age >= 6) & (age <= 11) & (draw < 0.995)] = 0
    stage[(age >= 12) & (age <= 14) & (draw < 0.99)] = 1
    upper = (age >= 15) & (age <= 17) & (draw < figures.UPPER_SECONDARY_SHARE)
    stage[upper] = np.where(track[upper] < 0.57, 2, 3)
    tertiary = (age >= 18) & (age <= 21) & (families.role == CHILD) & (draw < figures.TERTIARY_SHARE)
    stage[tertiary] = np.where(track[tertiary] < 0.5, 4, 5)
    stage[~alive] = -1
    pupils = np.flatnonzero(stage >= 0)
    schools = pa.table(
        {
            "person": pupils,
            "stage": stage[pupils],
            "school": rng.integers(1, 10, len(pupils)),
            "public": rng.random(len(pupils)) < 0.92,
        }
    )
    return stage, schools


def _custody(plan: Plan, age: Array, health: Health) -> tuple[Array, pa.Table]:
    """Some are out again by the end of the history; the others come out in one to three years."""
    rng = plan.stream("custody")
    share = 0.012 if plan.pack else figures.IN_CUSTODY_SHARE * 1.4
    able = np.flatnonzero((age >= 18) & (age < 66) & (health.died == FAR))
    held = able[rng.random(len(able)) < share]
    held = held if len(held) else able[-1:]  # an empty delivery would say nothing
    begin = month_start(plan.last, 0) - rng.integers(30, 540, len(held))
    over = rng.random(len(held)) < 0.25
    end = np.where(over, plan.cutoff - rng.integers(1, 60, len(held)), plan.cutoff + rng.integers(60, 900, len(held)))
    begin = np.minimum(begin, end - 20)
    held_from = np.full(len(age), FAR)
    held_from[held] = begin
    kind = rng.integers(0, 2, len(held)).astype(np.int8)
    return held_from, pa.table({"person": held, "kind": kind, "begin": begin, "end": end})


def _wages(plan: Plan, families: Families, age: Array, health: Health, stage: Array, held_from: Array) -> pa.Table:
    """One row a person and month; some change jobs, some have two, some months are corrected by a negative row."""
    rng = plan.stream("wages")
    urban, z = families.of_household(families.urban), families.of_household(families.prosperity)
    able = (age >= 18) & (age < 62) & (stage < 0) & (health.grade != 1)
    chance = np.where(urban, 0.80, 0.66) + 0.10 * z - 0.35 * health.seriously_ill - 0.3 * (health.grade > 0)
    workers = np.flatnonzero(able & (rng.random(len(age)) < np.clip(chance, 0.05, 0.97)))
    middle = np.where(urban[workers], 8.36, 8.02) + 0.50 * z[workers] + rng.normal(0, 0.36, len(workers))
    base = np.exp(middle) * 100
    months = np.array([month_start(plan.last, offset) for offset in range(1 - plan.months, 1)])
    presence = rng.random((len(workers), plan.months)) < rng.choice((0.8, 0.97), size=(len(workers), 1))
    until = np.minimum(health.died[workers], held_from[workers])
    presence &= months[None, :] <= until[:, None]
    moved = np.where(rng.random(len(workers)) < 0.12, rng.integers(1, plan.months + 1, len(workers)), plan.months)
    amount = np.maximum(base[:, None] * rng.normal(1.0, 0.09, presence.shape), 6000).astype(np.int64)
    payer = rng.integers(0, len(PAYERS), len(workers))
    who, month = np.nonzero(presence)
    second = np.flatnonzero(rng.random(len(who)) < 0.004)
    fixed = np.flatnonzero(rng.random(len(who)) < 0.01)
    paid = amount[who, month]
    employer = (payer[who] + (month >= moved[who])) % len(PAYERS)
    rows = np.r_[np.arange(len(who)), second, fixed]
    cents = np.r_[paid, paid[second] // 3, -(paid[fixed] * rng.uniform(0.05, 1.0, len(fixed))).astype(np.int64)]
    firm = np.r_[employer, (employer[second] + 2) % len(PAYERS), np.full(len(fixed), len(PAYERS))]
    order = np.argsort(rows, kind="stable")
    rows = rows[order]
    codes = np.array(plan.month_codes())
    return pa.table(
        {
            "person": workers[who[rows]],
            "month": codes[month[rows]],
            "payer": firm[order].astype(np.int8),
            "cents": cents[order],
        }
    )


def _pensions(plan: Plan, families: Families, age: Array) -> pa.Table:
    """Residents' pensions hold a basic part by age; employees' begin for some at 55."""
    rng = plan.stream("pensions")
    urban = families.of_household(families.urban)
    draw = rng.random(len(age))
    early = (age >= 55) & (age < 60) & urban & ~families.male & (draw < 0.4)
    people = np.flatnonzero(((age >= 60) & (draw < 0.95)) | early)
    share = np.where(urban[people], figures.EMPLOYEE_PENSION_SHARE[True], figures.EMPLOYEE_PENSION_SHARE[False])
    scheme = ((rng.random(len(people)) < share) | early[people]).astype(np.int8)
    basic = np.select([age[people] >= 75, age[people] >= 65], [17800, 16300], 14300)
    own = np.exp(rng.normal(4.2, 0.8, len(people))) * 100
    wage = np.exp(rng.normal(7.85, 0.25, len(people))) * 100
    return pa.table(
        {
            "person": people,
            "scheme": scheme,
            "cents": np.where(scheme == 1, wage, basic + own).astype(np.int64),
            "basic": np.where(scheme == 1, 0, basic),
            "state": (rng.random(len(people)) < 0.034).astype(np.int8),
        }
    )


def _unseen(plan: Plan, families: Families) -> Array:
    """Own business, property, gifts: what makes up the rest of income and only the family knows."""
    rng = plan.stream("unseen")
    middle = np.where(families.urban, 9.4, 9.2) + 0.75 * families.prosperity + rng.normal(0, 0.5, len(families.size))
    return np.asarray((np.exp(middle) * families.size**0.6 * 100).astype(np.int64))
