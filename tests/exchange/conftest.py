"""A register with a family in Dibao and one that is not, a ledger of today, and departments that ask."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.registry.actions import form_hukou_households, form_units, register_people, set_labels
from doudi.registry.logic.newcomers import NewHousehold, NewLabel, NewPerson
from doudi.sources.models import Delivery
from tests.exchange.calling import Caller, token_of
from tests.registry.conftest import number

IN, WIFE, OUT, FAR, NOBODY = (
    number("19500501", 1), number("19520501", 2), number("19600501", 3), number("19700501", 4), number("19800501", 5)
)  # fmt: skip
SINCE = date(2025, 3, 1)


@dataclass
class Register:
    """Who is there."""

    ids: dict[str, uuid.UUID] = field(default_factory=dict)
    household: uuid.UUID | None = None


def ledger(days_old: int = 1) -> Delivery:
    """A Dibao ledger that was taken in."""
    return Delivery.objects.create(
        feed="minzheng_dibao_taizhang", file_name="minzheng_dibao_taizhang.xlsx", digest=uuid.uuid4().hex * 2, size=1,
        state="accepted", received_at=now() - timedelta(days=days_old), received_by="x",
        cutoff=today() - timedelta(days=days_old), rows=0, accepted=0,
    )  # fmt: skip


def build(with_ledger: bool = True) -> Register:
    """People, a unit of two in Dibao, somebody without, somebody elsewhere."""
    actor, at = Actor.system(), now()
    people = [
        NewPerson(IN, "李建国", hukou_type="农村", area_code="990101001001", state="正常"),
        NewPerson(WIFE, "王秀英", hukou_type="农村", area_code="990101001001", state="正常"),
        NewPerson(OUT, "马德明", hukou_type="农村", area_code="990101001001", state="正常"),
        NewPerson(FAR, "卓玛", hukou_type="农村", area_code="990102001001", state="正常"),
    ]
    made = Register(register_people(actor=actor, at=at, people=people).ids)
    members = ((made.ids[IN], "户主"), (made.ids[WIFE], "妻"))
    unit = NewHousehold(None, "990101001001", made.ids[IN], members)
    formed = form_units(actor=actor, at=at, units=[unit], on=SINCE, origin="minzheng_dibao_taizhang")
    made.household = formed.ids[0]
    alone = NewHousehold("YX777002", "990101001001", made.ids[OUT], ((made.ids[OUT], "户主"),))
    form_hukou_households(actor=actor, at=at, households=[alone], on=SINCE, origin="gongan_huji")
    label = NewLabel("dibao", SINCE, "minzheng_dibao_taizhang", household=made.household, amount=Decimal(650))
    set_labels(actor=actor, at=at, labels=[label])
    if with_ledger:
        ledger()
    return made


@pytest.fixture
def register(db: None) -> Register:
    return build()


@pytest.fixture
def medical(db: None) -> Caller:
    """The medical insurance's system."""
    return Caller(token_of("medical_insurance", "dibao_today", "low_income_recognitions"))


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A policy folder of a test's own, to change products in."""
    from django.conf import settings

    root = tmp_path / "policy"
    shutil.copytree(settings.POLICY, root)
    monkeypatch.setattr(settings, "POLICY", root)
    yield root
