"""A registrar of the fictional county and synthetic people: numbers begin with the impossible prefix 99."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable

import pytest

from doudi.core.actor import Actor
from doudi.registry.actions import register_people
from doudi.registry.logic.newcomers import NewPerson

AT = datetime.datetime(2026, 7, 1, 2, 0, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 7, 1)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def number(born: str, sequence: int, area: str = "990101") -> str:
    """A synthetic number with a correct check character."""
    front = f"{area}{born}{sequence:03d}"
    return front + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(front, WEIGHTS, strict=True)) % 11]


def actor_of(area: str, role: str = "registrar") -> Actor:
    return Actor(
        account_id=str(uuid.uuid4()), name="登记员", role=role, area=area, department="", purpose="", grant_id=""
    )


@pytest.fixture
def actor() -> Actor:
    return actor_of("990101")


@pytest.fixture
def person(db: None, actor: Actor) -> Callable[..., uuid.UUID]:
    """Register one person: person(name, born="19800101", sequence=1, area="990101001001")."""

    def make(name: str, born: str = "19800101", sequence: int = 1, area: str = "990101001001") -> uuid.UUID:
        given = NewPerson(number(born, sequence), name, hukou_type="农村", area_code=area, state="正常")
        return register_people(actor=actor, at=AT, people=[given]).ids[given.number]

    return make
