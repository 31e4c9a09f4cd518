"""A whole county: land, families, health, work, belongings, assistance, in the order of their dependence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from doudi.twin.assistance import Assistance, seek
from doudi.twin.belongings import Belongings, own
from doudi.twin.families import Families, found
from doudi.twin.health import Health, live
from doudi.twin.land import Land, lay_out
from doudi.twin.plan import Plan
from doudi.twin.work import Work, earn

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class County:
    plan: Plan
    land: Land
    families: Families
    health: Health
    work: Work
    belongings: Belongings
    assistance: Assistance


def make_county(plan: Plan) -> County:
    """Everything that is true, before any department writes it down."""
    land = lay_out(plan)
    families = found(plan, land)
    health = live(plan, families)
    work = earn(plan, families, health)
    return County(plan, land, families, health, work, own(plan, families), seek(plan, families, health, work))
