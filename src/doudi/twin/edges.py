"""Applications set exactly on the edges of the county's rules: a fen below and on a limit, the last day of a window.

Each scene takes one family of whom nothing else is known. The figures are those of the county's README; what follows
from them is not computed here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np

from doudi.twin.assistance import Application
from doudi.twin.county import County
from doudi.twin.health import ALIVE
from doudi.twin.plan import age_on, calendar, days, month_start
from doudi.twin.stage import Stage
from doudi.twin.work import FAR

Scene = Callable[[Stage, Application], None]
BIRTHDAYS = (16, 18, 60, 70)


def set_on_edges(county: County) -> County:
    """Two families a scene, as far as there are families; birthdays of the others moved onto the day of application."""
    stage = Stage(county)
    rng = county.plan.stream("edges")
    health, work = county.health, county.work
    whole = [
        one
        for one in county.assistance.applications
        if (health.died[list(one.members)] == ALIVE).all()
        and (work.held_from[list(one.members)] == FAR).all()
        and one.members[0] == county.families.start[one.household]
    ]
    places = rng.permutation(len(whole))[: min(2 * len(SCENES), len(whole) // 3)]
    first = int(rng.integers(0, len(SCENES)))  # a small pack shows some of them, other seeds the others
    for turn, place in enumerate(places.tolist(), start=first):
        SCENES[turn % len(SCENES)](stage, whole[place])
    for one in county.assistance.applications:
        if one.number not in stage.applications:
            _on_birthday(stage, one)
    return stage.finished()


def _on_birthday(stage: Stage, one: Application) -> None:
    """Applications fall on the birthday that changes a member's age group, or on the day before."""
    born = stage.county.families.born[list(one.members)]
    first = month_start(calendar(one.applied_on), 0)
    for offset in range(28):
        turned = age_on(born, first + offset) - age_on(born, first + offset - 1)
        if np.isin(age_on(born, first + offset)[turned == 1], BIRTHDAYS).any():
            day = first + offset - (len(one.members) % 2 if offset else 0)
            stage.applications[one.number] = replace(one, applied_on=day)
            return


def _per_head(share: float, fen: int = 0) -> Scene:
    """Income a head on a multiple of the line, and so many fen from it in all."""

    def scene(stage: Stage, one: Application) -> None:
        stage.clear(one, other_income=int(stage.line(one) * share) * len(one.members) + fen)

    return scene


def _inpatient(*visits: tuple[int, int]) -> Scene:
    """Hospital stays of the first member, (days before the end of the history, fen); a wage makes them matter."""

    def scene(stage: Stage, one: Application) -> None:
        stage.clear(one, other_income=stage.line(one) * len(one.members) // 2)
        stage.pay(one.members[0], stage.county.plan.month_codes(), stage.line(one))
        for before, paid in visits:
            stage.treat(one.members[0], stage.county.plan.cutoff - before, 0, paid)

    return scene


def _savings(months: int, fen: int, unknown: bool = False, car: bool = False) -> Scene:
    """Savings of so many lines a head, all with the first member; the last one's bank may not answer."""

    def scene(stage: Stage, one: Application) -> None:
        one = stage.clear(one, savings=0)
        stage.save(one.members[0], 100, stage.line(one) * months * len(one.members) + fen - 100)
        if unknown:
            stage.unanswered(one.members[-1])
        if car:
            stage.vehicle(one.members[0], 0)

    return scene


def _rigid(share: float, fen: int, *, savings: int = 24, cars: int = 0, each: float = 1.6) -> Scene:
    """Income of 1.6 lines a head; education and out-patients take a share of the year's income, and so many fen."""

    def scene(stage: Stage, one: Application) -> None:
        income = int(stage.line(one) * each) * len(one.members)
        spent = int(income * 12 * share) + fen
        one = stage.clear(one, savings=stage.line(one) * savings, other_income=income, education=spent // 2)
        stage.treat(one.members[0], stage.county.plan.cutoff, 1, spent - spent // 2)
        for _ in range(cars):
            stage.vehicle(one.members[0], 0)

    return scene


def _nothing_but_spending(stage: Stage, one: Application) -> None:
    one = stage.clear(one, savings=stage.line(one) * 30)
    stage.treat(one.members[-1], stage.county.plan.first, 1, 1)


def _thirty_six_thousand(fen: int) -> Scene:
    def scene(stage: Stage, one: Application) -> None:
        income = 300_000 * len(one.members) + fen
        one = stage.clear(one, savings=stage.line(one) * 36, other_income=income, education=income * 9)

    return scene


def _homes(extra: int) -> Scene:
    """Two homes of 30 m² a head in all, the first owned together, and some hundredths of a m² more."""

    def scene(stage: Stage, one: Application) -> None:
        one = stage.clear(one)
        stage.home(list(one.members[:2]), 3000 * len(one.members) - 2500)
        stage.home([one.members[-1]], 2500 + extra)
        stage.home([one.members[0]], 1300, use=2)
        stage.home([one.members[0]], 9900, state=1)

    return scene


def _business(kind: int, capital: int, state: int = 0) -> Scene:
    def scene(stage: Stage, one: Application) -> None:
        one = stage.clear(one)
        stage.business(one.members[0], kind, capital, state)

    return scene


def _custody(begin: int, end: int) -> Scene:
    """The second member, or the only one, is held from and to days counted from the application."""

    def scene(stage: Stage, one: Application) -> None:
        one = stage.clear(one)
        stage.held(one.members[min(1, len(one.members) - 1)], one.applied_on + begin, one.applied_on + end)

    return scene


def _unable(category: int, grade: int, obligors: str, state: int = 0, unknown: bool = False) -> Scene:
    """Everyone holds a card; whether that means unable to work is the rule's to say."""

    def scene(stage: Stage, one: Application) -> None:
        one = stage.clear(one, obligors=obligors)
        for member in one.members:
            stage.card(member, category, grade, state)
            stage.card(member, category, 4, 2)
        if unknown:
            stage.unanswered(one.members[0])

    return scene


def _windows(stage: Stage, one: Application) -> None:
    """Something on the first and last day of the window and on the days outside it."""
    plan = stage.county.plan
    one = stage.clear(one)
    for day, paid in ((plan.first - 1, 900), (plan.first, 1100), (plan.cutoff, 1300)):
        stage.treat(one.members[0], day, 0, 1_000_000 + paid)
        stage.subsidy(one.members[0], day, 60_000 + paid)
    stage.pay(one.members[0], plan.month_codes()[:1] + plan.month_codes()[-1:], 500_000)


def _corrected_away(stage: Stage, one: Application) -> None:
    """Wages above the cap of work expenses, two payers in a month, and a month corrected to nothing."""
    codes = stage.county.plan.month_codes()
    one = stage.clear(one)
    stage.pay(one.members[0], codes, 6 * stage.line(one))
    stage.pay(one.members[0], codes[:2], 12_345, 1)
    stage.pay(one.members[-1], codes[3:4], 200_000)
    stage.pay(one.members[-1], codes[3:4], -200_000, 6)


def _pensions(stage: Stage, one: Application) -> None:
    one = stage.clear(one)
    for place, member in enumerate(one.members):
        stage.pension(member, place % 2, 14_300 + place * 1111, 14_300 if place % 2 == 0 else 0, int(place == 1))


def _refund_only(stage: Stage, one: Application) -> None:
    """The visit was before the window, its refund is inside: what a severely disabled member paid is below nothing."""
    plan = stage.county.plan
    one = stage.clear(one, other_income=20_000)
    stage.card(one.members[0], 3, 1)
    stage.treat(one.members[0], plan.first - 9, 1, 60_033)
    stage.treat(one.members[0], plan.first + 9, 1, -60_033)


def _nobody_signed(stage: Stage, one: Application) -> None:
    one = stage.clear(one, signed=())
    stage.save(one.members[0], stage.line(one) * 24 * len(one.members) + 1)


def _vehicles(stage: Stage, one: Application) -> None:
    one = stage.clear(one)
    for kind, state in ((1, 0), (2, 0), (3, 0), (0, 1), (0, 2)):
        stage.vehicle(one.members[0], kind, state)


def _all_held(stage: Stage, one: Application) -> None:
    one = stage.clear(one, other_income=12_345)
    for member in one.members:
        stage.held(member, days(date(2026, 1, 1)), days(date(2027, 1, 1)))


SCENES: tuple[Scene, ...] = (
    _per_head(1.0), _per_head(1.0, -1), _per_head(1.5), _per_head(1.5, -1), _per_head(0.0, 1),
    _inpatient((5, 1_200_000), (0, 800_000)), _inpatient((5, 1_200_000), (0, 799_999)),
    _inpatient((90, 2_500_000), (2, -500_001)), _inpatient((364, 2_000_000)), _inpatient((365, 2_000_000), (364, 1)),
    _savings(24, 0), _savings(24, 1), _savings(24, 1, unknown=True), _savings(24, 0, unknown=True),
    _savings(24, 0, unknown=True, car=True),
    _rigid(0.6, 0), _rigid(0.6, 1), _rigid(0.6, 100, savings=36), _rigid(0.7, 0, savings=37),
    _rigid(0.7, 0, cars=1), _rigid(0.7, 0, cars=2), _rigid(0.7, 0, savings=30, each=0.7), _nothing_but_spending,
    _thirty_six_thousand(0), _thirty_six_thousand(-1), _homes(0), _homes(1), _business(1, 10), _business(1, 11),
    _business(2, 20, 1), _business(0, 1), _business(0, 1, 1), _custody(0, 40), _custody(-40, 0), _custody(-40, -1),
    _custody(1, 40), _unable(3, 2, "无"), _unable(3, 3, "无"), _unable(5, 3, "不清楚"), _unable(0, 1, "不清楚"),
    _unable(0, 2, "无"), _unable(4, 1, "无", 1), _unable(4, 3, "不清楚", unknown=True), _unable(6, 1, "无"), _windows,
    _corrected_away, _pensions, _refund_only, _nobody_signed, _vehicles, _all_held,
)  # fmt: skip
