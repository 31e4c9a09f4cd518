"""A small county in the middle of its work: families, applications in every state, checks, drafts, bank accounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.test import Client

from doudi.areas.actions import load_area_rows
from doudi.cases.actions import (
    accept_application,
    assess,
    enter_application,
    propose_opinion,
    review_opinion,
    verify_application,
)
from doudi.core.actor import Actor
from doudi.registry.actions import add_bank_account, form_hukou_households, register_people
from doudi.registry.logic.newcomers import NewHousehold, NewPerson
from doudi.verification.models import Check
from tests.cases.conftest import APPLIED, AT, REGISTERED, TOWNSHIP, VILLAGE, County, entry, staff
from tests.cases.signing_in import signed_in
from tests.registry.conftest import number

AREAS = {"99": "虚构省", "9901": "虚构市", "990101": "云溪县", TOWNSHIP: "石桥乡", VILLAGE: "石桥村"}
STATES = ("entered", "accepted", "verified", "proposed", "reviewed")
COUNTY_ROLES = ("county_officer", "verification_officer", "county_leader", "auditor")


@dataclass
class Houses:
    """What was made, with every number that must not be seen."""

    numbers: list[str] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    households: list[UUID] = field(default_factory=list)
    units: list[UUID] = field(default_factory=list)
    people: list[UUID] = field(default_factory=list)
    applications: list[UUID] = field(default_factory=list)
    checks: list[UUID] = field(default_factory=list)


def card(serial: int) -> str:
    """A card number of no bank, right by Luhn's check digit."""
    front = f"99999{serial:010d}"
    digits = [int(digit) for digit in front]
    total = sum(sum(divmod(digit * 2, 10)) if place % 2 == 0 else digit for place, digit in enumerate(digits))
    return front + str(-total % 10)


def build(county: County, families: int) -> Houses:
    """Families one after another, their applications each a step further than the one before."""
    load_area_rows(actor=Actor.system(), at=AT, rows=list(AREAS.items()), from_on=REGISTERED.replace(year=2020))
    made = Houses()
    for serial in range(families):
        _family(county, made, serial)
    return made


def _family(county: County, made: Houses, serial: int) -> None:
    head, wife, son = (number(born, 100 + 2 * serial) for born in ("19510203", "19810405", "20130607"))
    named = [(head, f"钱{serial:02d}建国"), (wife, f"吴{serial:02d}秀英"), (son, f"钱{serial:02d}小明")]
    people = [NewPerson(one, name, hukou_type="农村", area_code=VILLAGE, state="正常") for one, name in named]
    system = Actor.system()
    ids = register_people(actor=system, at=AT, people=people).ids
    register = f"YX{serial + 100:06d}"
    members = ((ids[head], "户主"), (ids[wife], "妻"), (ids[son], "子"))
    new = [NewHousehold(register, VILLAGE, ids[head], members)]
    formed = form_hukou_households(actor=system, at=AT, households=new, on=REGISTERED, origin="gongan_huji")
    made.households += formed.ids
    made.cards.append(card(serial))
    add_bank_account(
        actor=system, at=AT, person=ids[head], bank="石桥信用社", number=made.cards[-1], from_on=REGISTERED
    )
    county.bank(head, wife, son, deposits=f"{1000 + serial}.50")
    registrar, handler, reviewer = staff("registrar"), staff("handler"), staff("reviewer")
    given = entry(
        number=f"SQ2026{serial + 100:05d}", household_number=register, applicant=head, members=(head, wife, son),
        signed=(head, wife),
    )  # fmt: skip
    application = enter_application(actor=registrar, at=AT, entry=given)
    made.numbers += [head, wife, son]
    made.people += [ids[head], ids[wife], ids[son]]
    made.applications.append(application.id)
    made.units.append(application.household_id)
    step = serial % len(STATES)
    if step >= 1:
        accept_application(actor=handler, at=AT, application=application.id, on=APPLIED)
    if step >= 2:
        verify_application(actor=handler, at=AT, application=application.id, rulebook=county.rulebook)
        assess(actor=handler, at=AT, application=application.id, rulebook=county.rulebook)
        made.checks.append(Check.objects.latest("requested_at", "id").id)
    if step >= 3:
        propose_opinion(actor=handler, at=AT, application=application.id, agrees=True)
    if step >= 4:
        review_opinion(actor=reviewer, at=AT, application=application.id, agrees=True)


def desk(role: str, **options: Any) -> Client:
    """Somebody of a role at a desk of the county built here."""
    area = "990101" if role in COUNTY_ROLES or role.endswith("administrator") else TOWNSHIP
    client, _actor = signed_in(role, options.pop("area", area), **options)
    return client


Desk = Callable[..., Client]
