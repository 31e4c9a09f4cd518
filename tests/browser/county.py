"""A small county to walk through: areas, the rules in force, four families, one account a role."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from doudi.accounts.actions import create_account, give_grant
from doudi.accounts.logic.roles import ROLES
from doudi.areas.actions import load_area_rows
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.registry.actions import form_hukou_households, form_units, record_declarations, register_people, set_labels
from doudi.registry.logic.newcomers import NewDeclaration, NewHousehold, NewLabel, NewPerson
from doudi.rulebook.actions import publish
from tests.registry.conftest import number

POLICY = Path(__file__).resolve().parents[2] / "policy"
PASSWORD = "Nicht-zu-raten-7"
AREAS = [
    ("99", "虚构省"), ("9901", "虚构市"), ("990101", "云溪县"), ("990101003", "石桥乡"), ("990101003001", "石桥村"),
    ("990101003002", "柳河村"), ("990101004", "望江镇"), ("990101004001", "望江社区"),
]  # fmt: skip
FAMILIES = [
    ("990101003001", [("陈桂兰", "19800311", "户主"), ("周文平", "19770902", "配偶"), ("周小妍", "20090520", "子女")]),
    ("990101003002", [("李建国", "19520117", "户主"), ("王秀英", "19550608", "配偶")]),
    ("990101004001", [("马德明", "19610428", "户主")]),
    ("990101003001", [("次仁多吉", "19851203", "户主"), ("卓玛", "19880214", "配偶"), ("扎西", "20150701", "子女")]),
]
TOWNSHIP = ("registrar", "handler", "reviewer", "township_leader")


@dataclass
class County:
    """What was made."""

    people: dict[str, UUID] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    units: list[UUID] = field(default_factory=list)


def build() -> County:
    """Make it; committed, so that the served site sees it."""
    actor, at = Actor.system(), now()
    load_area_rows(actor=actor, at=at, rows=AREAS, from_on=date(2020, 1, 1))
    publish(
        actor=actor, at=datetime(2026, 7, 1, tzinfo=UTC), root=POLICY, place="990101", effective_on=date(2026, 7, 1)
    )
    county = County()
    _register_families(county, actor, at)
    for role in ROLES:
        account = create_account(
            actor=actor, at=at, username=role, name=f"周敏{role[:2].upper()}", password=PASSWORD, must_change=False,
            holder=number("19800101", 900 + ROLES.index(role)),
        )  # fmt: skip
        area = "990101003" if role in TOWNSHIP else "990101"
        give_grant(actor=actor, at=at, account=account, role=role, area=area, from_on=today())
    return county


def _register_families(county: County, actor: Actor, at: datetime) -> None:
    on, people, families = date(2024, 3, 1), [], []
    for place, members in FAMILIES:
        for name, born, _relation in members:
            county.numbers[name] = number(born, len(county.numbers) + 1)
            people.append(NewPerson(county.numbers[name], name, hukou_type="农村", area_code=place, state="正常"))
    ids = register_people(actor=actor, at=at, people=people, origin="gongan_huji").ids
    county.people = {name: ids[given] for name, given in county.numbers.items()}
    for place, members in FAMILIES:
        lines = tuple((county.people[name], relation) for name, _born, relation in members)
        families.append(NewHousehold(f"YX{len(families) + 1842:06d}", place, lines[0][0], lines))
    form_hukou_households(actor=actor, at=at, households=families, on=on, origin="gongan_huji")
    units = [NewHousehold(None, family.area_code, family.head, family.members) for family in families[:2]]
    county.units = list(form_units(actor=actor, at=at, units=units, on=on, origin="minzheng_dibao_taizhang").ids)
    label = NewLabel(
        "dibao", date(2025, 3, 1), "minzheng_dibao_taizhang", household=county.units[1], amount=Decimal(658)
    )
    set_labels(actor=actor, at=at, labels=[label])
    said = NewDeclaration(
        fact="household.declared_other_income", value="200", said_on=today(), household=county.units[1],
        said_by=county.people["李建国"], application="",
    )  # fmt: skip
    record_declarations(actor=actor, at=at, declarations=[said])
