"""A family of the fictional county, its register, the shipped rulebook, a lake in memory; staff of two townships."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from doudi.cases.logic.entries import EDUCATION, OBLIGORS, OTHER_INCOME, NewApplication
from doudi.cases.models import Application
from doudi.core.actor import Actor
from doudi.core.vault import vault
from doudi.engine.rulebook import Rulebook
from doudi.matching.queries import evidence as evidence_room
from doudi.registry.actions import form_hukou_households, register_people
from doudi.registry.logic.newcomers import NewHousehold, NewPerson
from doudi.rulebook.actions import publish
from doudi.rulebook.queries import current
from tests.matching.fakes import FakeCoverage, FakeLake
from tests.registry.conftest import number

POLICY = Path(__file__).resolve().parents[2] / "policy"
AT = datetime.datetime(2026, 7, 14, 2, 0, tzinfo=datetime.UTC)
REGISTERED = datetime.date(2026, 6, 30)
APPLIED = datetime.date(2026, 7, 14)
COUNTY, TOWNSHIP, VILLAGE, ELSEWHERE = "990101", "990101001", "990101001001", "990101002"
DELIVERY = uuid.UUID("7d1f0000-0000-4000-8000-000000000001")

HEAD, WIFE, SON = number("19500501", 1), number("19800501", 2), number("20120501", 1)


def staff(role: str, area: str = TOWNSHIP, name: str = "") -> Actor:
    """Somebody acting in a role; each call is another account."""
    return Actor(str(uuid.uuid4()), name or role, role, area, "civil_affairs", "", str(uuid.uuid4()))


@dataclass
class County:
    """The register and the lake of a test."""

    rulebook: Rulebook
    lake: FakeLake
    ids: dict[str, uuid.UUID] = field(default_factory=dict)

    def deliver(self, person: str, feed: str, **row: Any) -> None:
        """One row of a feed about a person."""
        rows = self.lake.held.setdefault(feed, {}).setdefault(vault().person_key(person), [])
        rows.append({**row, "_row": len(rows) + 2, "_delivery": DELIVERY})

    def bank(self, *people: str, deposits: str = "1000") -> None:
        """Bank feedback for people."""
        for person in people:
            self.deliver(
                person,
                "yinhang_jinrong",
                as_at=REGISTERED,
                deposits=Decimal(deposits),
                wealth_products=Decimal(0),
            )


@pytest.fixture
def county(db: None, monkeypatch: pytest.MonkeyPatch) -> County:
    """Household YX000001 of three in the township's first village; every list received, banks have answered."""
    system = Actor.system()
    publish(actor=system, at=AT, root=POLICY, place=COUNTY, effective_on=datetime.date(2025, 7, 1))
    lake = FakeLake()
    rulebook = current(COUNTY, APPLIED)
    for record in rulebook.records.values():
        lake.coverages[record.feed.name] = FakeCoverage(datetime.date(2025, 7, 1), datetime.date(2026, 6, 1))
    monkeypatch.setattr(evidence_room, "sources", lake)
    people = [
        NewPerson(HEAD, "李建国", hukou_type="农村", area_code=VILLAGE, state="正常"),
        NewPerson(WIFE, "王秀英", hukou_type="农村", area_code=VILLAGE, state="正常"),
        NewPerson(SON, "李小明", hukou_type="农村", area_code=VILLAGE, state="正常"),
    ]
    ids = register_people(actor=system, at=AT, people=people).ids
    members = ((ids[HEAD], "户主"), (ids[WIFE], "妻"), (ids[SON], "子"))
    households = [NewHousehold("YX000001", VILLAGE, ids[HEAD], members)]
    form_hukou_households(actor=system, at=AT, households=households, on=REGISTERED, origin="gongan_huji")
    made = County(rulebook, lake, ids)
    made.bank(HEAD, WIFE, SON)
    return made


@pytest.fixture
def registrar() -> Actor:
    return staff("registrar", name="周敏")


@pytest.fixture
def handler() -> Actor:
    return staff("handler", name="陈立")


@pytest.fixture
def reviewer() -> Actor:
    return staff("reviewer", name="何静")


def entry(**changes: Any) -> NewApplication:
    """The application of the family; the wife and son with the head, both adults signed."""
    given: dict[str, Any] = {
        "number": "SQ202600001",
        "applied_on": APPLIED,
        "household_number": "YX000001",
        "applicant": HEAD,
        "members": (HEAD, WIFE, SON),
        "declared": {OTHER_INCOME: Decimal("150.00"), EDUCATION: Decimal("1200"), OBLIGORS: "有"},
        "signed": (HEAD, WIFE),
    }
    return NewApplication(**{**given, **changes})


@pytest.fixture
def entered(county: County, registrar: Actor) -> Callable[..., Application]:
    """entered(**changes): an application entered by the registrar."""
    from doudi.cases.actions import enter_application

    def make(**changes: Any) -> Application:
        return enter_application(actor=registrar, at=AT, entry=entry(**changes))

    return make


@pytest.fixture
def verified(county: County, entered: Callable[..., Application], handler: Actor) -> Callable[..., Application]:
    """verified(**changes): an application accepted and verified."""
    from doudi.cases.actions import accept_application, verify_application

    def make(**changes: Any) -> Application:
        made = entered(**changes)
        accept_application(actor=handler, at=AT, application=made.id, on=APPLIED)
        return verify_application(actor=handler, at=AT, application=made.id, rulebook=county.rulebook)

    return make


@pytest.fixture
def assessed(county: County, verified: Callable[..., Application], handler: Actor) -> Callable[..., Application]:
    """assessed(**changes): an application with the engine's proposal."""
    from doudi.cases.actions import assess

    def make(**changes: Any) -> Application:
        made = verified(**changes)
        assess(actor=handler, at=AT, application=made.id, rulebook=county.rulebook)
        return made

    return make
