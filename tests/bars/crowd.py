"""A crowd of people and applications to search in: names as frequent as names are, townships of one county."""

from __future__ import annotations

import datetime
import random

from doudi.areas.actions import load_area_rows
from doudi.cases.models import Application
from doudi.core.actor import Actor
from doudi.registry.actions import form_hukou_households, form_units, refresh_statistics, register_people
from doudi.registry.logic.newcomers import NewHousehold, NewPerson
from doudi.rulebook.actions import publish
from tests.cases.conftest import AT, POLICY
from tests.registry.conftest import DAY, number

COUNTY, TOWNSHIP, TOWNSHIPS = "990101", "990101001", 12
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ["建国", "秀英", "桂兰", "伟", "芳", "志强", "建华", "玉兰", "明", "丽", "军", "秀兰", "杰", "敏", "静", "勇"]
AT_A_TIME = 30_000


def lay_out(people: int) -> None:
    """Families of three in every township, one in eight with an application; the planner is told as after a load."""
    system, dice = Actor.system(), random.Random(11)
    names = {"99": "虚构省", "9901": "虚构市", COUNTY: "云溪县"}
    names |= {f"{COUNTY}{n:03}": f"第{n}镇" for n in range(1, TOWNSHIPS + 1)}
    load_area_rows(actor=system, at=AT, rows=list(names.items()), from_on=datetime.date(2020, 1, 1))
    publish(actor=system, at=AT, root=POLICY, place=COUNTY, effective_on=datetime.date(2025, 7, 1))
    for first in range(0, people, AT_A_TIME):
        _part(system, dice, first, min(people, first + AT_A_TIME))
    refresh_statistics(people)


def _part(system: Actor, dice: random.Random, first: int, last: int) -> None:
    given = []
    for n in range(first, last):
        born = datetime.date(1940, 1, 1) + datetime.timedelta(days=n // 900)
        area = f"{COUNTY}{n // 3 % TOWNSHIPS + 1:03}{n % 17 // 6 + 1:03}"
        name = dice.choice(SURNAMES) + dice.choice(GIVEN)
        given.append(NewPerson(number(f"{born:%Y%m%d}", n % 900 + 1), name, hukou_type="农村", area_code=area))
    ids = register_people(actor=system, at=AT, people=given).ids
    families = []
    for at in range(0, len(given) - 2, 3):
        three = [ids[one.number] for one in given[at : at + 3]]
        members = tuple(zip(three, ("户主", "妻", "子"), strict=True))
        families.append(NewHousehold(f"YX{first + at:09}", given[at].area_code, three[0], members))
    form_hukou_households(actor=system, at=AT, households=families, on=DAY, origin="test")
    _applications(system, dice, families[::8])


def _applications(system: Actor, dice: random.Random, families: list[NewHousehold]) -> None:
    units = [NewHousehold(f"U{one.number}", one.area_code, one.head, one.members, one.area_code) for one in families]
    formed = form_units(actor=system, at=AT, units=units, on=DAY, origin="application").ids
    Application.objects.bulk_create(
        Application(
            number=f"SQ{unit.number}",
            applied_on=DAY + datetime.timedelta(days=dice.randint(0, 300)),
            household_id=key,
            applicant_id=unit.head,
            area_code=unit.area_code,
            state=dice.choice(["entered", "accepted", "accepted"]),
            accepted_on=DAY,
            entered_by="x",
            entered_at=AT,
        )
        for key, unit in zip(formed, units, strict=True)
    )
