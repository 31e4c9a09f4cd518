"""Who already receives Dibao, and who applies: by true need, illness and disability, with some who hardly need it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from doudi.twin import figures
from doudi.twin.families import CHILD, HEAD, PARENT, SPOUSE, Families
from doudi.twin.health import ALIVE, Health
from doudi.twin.plan import Array, Plan, age_on, calendar, days
from doudi.twin.work import FAR, Work

OBLIGORS = ("有", "无", "不清楚")
OTHER_INCOME = (0, 15000, 30000, 80000)
EDUCATION = (0, 120000, 480000, 900000)


@dataclass(frozen=True, slots=True)
class Application:
    """One application as it was handed in. `members` and `signed` are places in the people's columns; money in fen."""

    number: str
    applied_on: int
    household: int
    applicant: int
    members: tuple[int, ...]
    signed: tuple[int, ...]
    other_income: int
    education: int
    obligors: str


@dataclass(frozen=True, slots=True)
class Assistance:
    """The ledger's rows (by household) and the applications."""

    ledger: pa.Table
    applications: tuple[Application, ...]


def seek(plan: Plan, families: Families, health: Health, work: Work) -> Assistance:
    rng = plan.stream("assistance")
    old = ~families.any_of(age_on(families.born, plan.cutoff) < 60)
    need = (
        -1.3 * families.prosperity + 1.0 * families.any_of(health.seriously_ill) + 0.6 * old
        + 0.7 * families.any_of((health.grade == 1) | (health.grade == 2)) + rng.gumbel(0, 0.5, len(families.size))
    )  # fmt: skip
    ledger = _ledger(plan, rng, families, need, work)
    taken = np.isin(np.arange(len(families.size)), ledger["household"].to_numpy())
    count = len(families.size)
    wanted = int(count * 0.24) if plan.pack else max(int(count * 0.01), min(count // 5, 200))
    order = np.argsort(np.where(taken, np.inf, -(need + rng.gumbel(0, 0.6, count))), kind="stable")
    chosen = np.sort(order[:wanted])
    return Assistance(
        ledger, tuple(_application(plan, rng, families, health, work, n, h) for n, h in enumerate(chosen.tolist()))
    )


def _ledger(plan: Plan, rng: np.random.Generator, families: Families, need: Array, work: Work) -> pa.Table:
    """The neediest families, small ones first, until their members are the published share of all people."""
    share = 0.08 if plan.pack else figures.DIBAO_SHARE
    order = np.argsort(-(need - 0.6 * families.size), kind="stable")
    covered = np.cumsum(families.size[order])
    chosen = np.sort(order[: max(int(np.searchsorted(covered, share * families.count)), 3)])
    line = np.where(families.urban[chosen], 800, 620)
    amount = np.maximum((line * families.size[chosen] * rng.uniform(0.25, 0.8, len(chosen))).astype(np.int64), 60)
    since = rng.integers(0, 18, len(chosen))
    return pa.table({"household": chosen, "size": families.size[chosen], "yuan": amount, "months_ago": since})


def _application(
    plan: Plan, rng: np.random.Generator, families: Families, health: Health, work: Work, number: int, household: int
) -> Application:
    cutoff = calendar(plan.cutoff)
    year, month = divmod(cutoff.year * 12 + cutoff.month, 12)
    applied_on = days(date(year, month + 1, int(rng.integers(1, 29))))
    start, size = int(families.start[household]), int(families.size[household])
    members = list(range(start, start + size))
    roles = families.role
    if plan.pack:
        members = _living_together(rng, families, members)
    ages = age_on(families.born[members], applied_on)
    dead = health.died[members] < ALIVE
    held = work.held_from[members] < FAR
    careless = rng.random() < 0.046
    signed = []
    for member, age, is_dead, is_held in zip(members, ages, dead, held, strict=True):
        absent = (is_dead and rng.random() < 0.7) or (is_held and rng.random() < 0.5)
        if age >= 18 and not absent and not (careless and rng.random() < 0.6):
            signed.append(member)
    pupils = int((work.stage[members] >= 0).sum())
    applicant = next((m for m in members if roles[m] in (HEAD, SPOUSE) and health.died[m] == ALIVE), members[0])
    alone = bool((ages >= 60).all())
    return Application(
        number=f"SQ{cutoff.year}{number:05d}",
        applied_on=applied_on,
        household=household,
        applicant=applicant,
        members=tuple(members),
        signed=tuple(signed),
        other_income=int(rng.choice(OTHER_INCOME, p=(0.5, 0.15, 0.16, 0.19))),
        education=int(rng.choice(EDUCATION, p=(0.2, 0.3, 0.25, 0.25))) if pupils else 0,
        obligors=str(rng.choice(OBLIGORS, p=(0.35, 0.45, 0.2) if alone else (0.72, 0.19, 0.09))),
    )


def _living_together(rng: np.random.Generator, families: Families, members: list[int]) -> list[int]:
    """Some leave out who lives elsewhere (a grown child, a parent, the head); some take in a parent of another."""
    draw = rng.random()
    if draw < 0.05 and len(members) > 1:
        return [m for m in members if families.role[m] not in (CHILD, PARENT)] or members[:1]
    if draw < 0.07 and len(members) > 1 and families.role[members[1]] == SPOUSE:
        return members[1:]
    if draw < 0.09:
        guest = int(rng.integers(0, families.count))
        if guest not in members and families.role[guest] == PARENT:
            return [*members, guest]
    return members
