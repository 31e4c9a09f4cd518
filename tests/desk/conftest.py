"""Accounts to log in with, and a family to find."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from doudi.core.actor import Actor
from doudi.registry.actions import form_hukou_households, register_people
from doudi.registry.logic.newcomers import NewHousehold, NewPerson
from doudi.registry.models import Household
from tests.accounts.conftest import Make, make, unhurried
from tests.registry.conftest import AT, DAY, number

__all__ = ["Family", "Make", "make", "unhurried"]
Family = Callable[..., Household]


@pytest.fixture
def family(db: None) -> Family:
    """family("张三", area="990101003001", sequence=1): a registered household with its head and a spouse."""

    def made(name: str, area: str = "990101003001", sequence: int = 1) -> Household:
        system = Actor.system()
        given = [NewPerson(number("19800101", sequence * 10 + n), who, area_code=area, state="正常")
                 for n, who in enumerate((name, name + "妻"))]  # fmt: skip
        ids = register_people(actor=system, at=AT, people=given).ids
        first, second = (ids[one.number] for one in given)
        new = NewHousehold(f"YX{sequence:06d}", area, first, ((first, "户主"), (second, "配偶")))
        made_ids: tuple[uuid.UUID, ...] = form_hukou_households(
            actor=system, at=AT, households=[new], on=DAY, origin="gongan_huji"
        ).ids
        return Household.objects.get(pk=made_ids[0])

    return made
