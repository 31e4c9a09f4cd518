"""Many townships with a family each, whose name occurs nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from doudi.core.actor import Actor
from doudi.registry.actions import form_hukou_households, register_people
from doudi.registry.logic.newcomers import NewHousehold, NewPerson
from tests.registry.conftest import AT, DAY, number


@dataclass(frozen=True)
class Township:
    """One township and its only family."""

    area: str
    name: str
    household: UUID


def lay_out(count: int) -> list[Township]:
    """Committed, by the machine."""
    system = Actor.system()
    areas = [f"9901{n // 90 + 1:02}{n % 90 + 1:03}" for n in range(count)]
    names = [f"慕容{chr(0x4E00 + 131 * n + 7)}{chr(0x5E00 + 17 * n)}" for n in range(count)]
    people = [
        NewPerson(number("19700101", n + 1), name, hukou_type="农村", area_code=f"{area}001", state="正常")
        for n, (area, name) in enumerate(zip(areas, names, strict=True))
    ]
    ids = register_people(actor=system, at=AT, people=people).ids
    families = [
        NewHousehold(f"YX{n:06}", person.area_code, ids[person.number], ((ids[person.number], "户主"),))
        for n, person in enumerate(people)
    ]
    formed = form_hukou_households(actor=system, at=AT, households=families, on=DAY, origin="test").ids
    return [Township(*one) for one in zip(areas, names, formed, strict=True)]
