"""A family of the fictional county, a lake in memory, the shipped rules, and who works on it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from doudi.core.actor import Actor
from doudi.engine import policy
from doudi.engine.rulebook import Rulebook, resolve
from doudi.matching.queries import evidence as evidence_room
from doudi.registry.actions import form_unit, record_declarations
from doudi.registry.logic.newcomers import NewDeclaration
from doudi.registry.queries import keys_of
from doudi.verification.actions import run_check, sign_authorisations
from doudi.verification.models import Check
from doudi.verification.queries import holdings as holdings_room
from tests.matching.fakes import FakeLake
from tests.registry.conftest import actor_of
from tests.registry.conftest import person as person

POLICY = Path(__file__).parents[2] / "policy"
AT = datetime.datetime(2026, 7, 15, 2, 0, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 7, 14)
RECEIVED = datetime.datetime(2026, 7, 5, 1, 0, tzinfo=datetime.UTC)
WAGES, BANK, CARS = "shuiwu_gongzi", "yinhang_jinrong", "gongan_cheliang"


@dataclass(frozen=True)
class FakeDelivered:
    """What `sources.coverage` says."""

    from_month: datetime.date | None = datetime.date(2025, 7, 1)
    to_month: datetime.date | None = datetime.date(2026, 6, 1)
    cutoff: datetime.date | None = datetime.date(2026, 6, 30)
    delivery: uuid.UUID = field(default_factory=uuid.uuid4)
    received_at: datetime.datetime = RECEIVED


class Lake(FakeLake):
    """Rows are put in by feed and key."""

    def put(self, feed: str, key: uuid.UUID, **columns: Any) -> None:
        rows = self.held.setdefault(feed, {}).setdefault(key, [])
        rows.append(columns | {"_row": len(rows) + 2, "_delivery": "d1"})


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return resolve(policy.load(POLICY), "990101")


@pytest.fixture
def lake(monkeypatch: pytest.MonkeyPatch, rulebook: Rulebook) -> Lake:
    """All feeds received and empty."""
    made = Lake()
    made.coverages = {feed: FakeDelivered() for feed in rulebook.feeds}  # type: ignore[assignment]
    for room in (evidence_room, holdings_room):
        monkeypatch.setattr(room, "sources", made)
    return made


@pytest.fixture
def actor() -> Actor:
    return actor_of("990101", "registrar")


@pytest.fixture
def officer() -> Actor:
    return Actor(str(uuid.uuid4()), "钱核", "verification_officer", "990101", "civil_affairs", "")


class Family:
    """A mother who is head, a grown son, a small child; nobody has signed."""

    def __init__(
        self, actor: Actor, person: Callable[..., uuid.UUID], area: str = "990101001001", seq: int = 1
    ) -> None:
        self.actor = actor
        self.mother = person("马诺", "19700101", 2 * seq, area)
        self.son = person("马超", "20000101", 2 * seq - 1, area)
        self.child = person("马小", "20150101", 2 * seq - 1, area)
        members = [(self.mother, "户主"), (self.son, "子女"), (self.child, "孙子女")]
        made = form_unit(
            actor=actor,
            at=AT,
            members=members,
            head=self.mother,
            area_code=area,
            on=datetime.date(2026, 7, 1),
            origin="S",
        )
        self.unit = made.id
        self.keys = {one: held[0] for one, held in keys_of([self.mother, self.son, self.child]).items()}

    def declare(self, **facts: str | None) -> None:
        said = [NewDeclaration(f"household.{name}", value, DAY, household=self.unit) for name, value in facts.items()]
        record_declarations(actor=self.actor, at=AT, declarations=said)

    def sign(self, *people: uuid.UUID, on: datetime.date = DAY) -> None:
        who = people or (self.mother, self.son)
        sign_authorisations(actor=self.actor, at=AT, household=self.unit, signed=dict.fromkeys(who, on))


@pytest.fixture
def family(actor: Actor, person: Callable[..., uuid.UUID], lake: Lake) -> Family:
    return Family(actor, person)


@pytest.fixture
def check_of(actor: Actor, rulebook: Rulebook) -> Callable[..., Check]:
    """check_of(family) runs a check as of the usual day."""

    def make(family: Family, at: datetime.datetime = AT, who: Actor = actor) -> Check:
        return run_check(actor=who, at=at, household=family.unit, as_of=DAY, rulebook=rulebook)

    return make


def balance(amount: str) -> dict[str, Any]:
    return {"as_at": datetime.date(2026, 6, 30), "deposits": Decimal(amount), "wealth_products": Decimal(0)}


def wage(amount: str, month: int = 1) -> dict[str, Any]:
    return {"month": datetime.date(2026, month, 1), "amount": Decimal(amount), "payer": "厂"}


def car(state: str = "正常", kind: str = "小型轿车") -> dict[str, Any]:
    return {"type": kind, "state": state, "plate_no": "云A00001"}
