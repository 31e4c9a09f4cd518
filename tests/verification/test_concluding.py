"""The verification officer's conclusion: by the officer alone, once, over the latest answers."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from doudi.audit.models import Entry
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Refused
from doudi.verification.actions import conclude_check
from doudi.verification.actions.concluding import conclusion_digest
from doudi.verification.logic.disclosure import bank_figures, gives_away
from doudi.verification.models import Check
from doudi.verification.queries import remark_of
from tests.registry.conftest import actor_of
from tests.verification.conftest import AT, BANK, Family, Lake, balance

pytestmark = pytest.mark.django_db
CheckOf = Callable[..., Check]
LATER = AT + datetime.timedelta(hours=1)


def test_the_officer_signs_what_was_answered(family: Family, officer: Actor, check_of: CheckOf) -> None:
    check = check_of(family)
    made = conclude_check(actor=officer, at=LATER, check=check.id, remark=" 没有车，没有房。 ")
    kept = Check.objects.get(pk=made.pk)
    assert (kept.state, kept.concluded_by, kept.concluded_by_name) == ("concluded", officer.account_id, "钱核")
    assert kept.concluded_at == LATER
    assert remark_of(kept) == "没有车，没有房。"
    assert "没有车".encode() not in bytes(kept.remark_enc or b"")
    assert kept.conclusion_digest == conclusion_digest(kept, "没有车，没有房。")
    assert kept.conclusion_digest != conclusion_digest(kept, "有车。")
    (entry,) = Entry.objects.filter(verb="verification.conclude_check")
    assert entry.content_digest == kept.conclusion_digest and entry.after_digest is not None


@pytest.mark.parametrize("role", ["registrar", "handler", "county_officer", "county_leader", "auditor"])
def test_nobody_else_concludes(family: Family, check_of: CheckOf, role: str) -> None:
    check = check_of(family)
    with pytest.raises(Forbidden):
        conclude_check(actor=actor_of("990101", role), at=LATER, check=check.id, remark="好")
    assert Check.objects.get(pk=check.pk).state == "answered"


def test_the_machine_does_not_conclude(family: Family, check_of: CheckOf) -> None:
    with pytest.raises(Forbidden):
        conclude_check(actor=Actor.system(), at=LATER, check=check_of(family).id, remark="好")


def test_an_officer_of_another_area_does_not_conclude(family: Family, check_of: CheckOf) -> None:
    with pytest.raises(Forbidden):
        conclude_check(actor=actor_of("50", "verification_officer"), at=LATER, check=check_of(family).id, remark="好")


@pytest.mark.parametrize("remark", ["", "  \n", "长" * 1001])
def test_a_conclusion_says_something(family: Family, officer: Actor, check_of: CheckOf, remark: str) -> None:
    with pytest.raises(Refused) as caught:
        conclude_check(actor=officer, at=LATER, check=check_of(family).id, remark=remark)
    assert caught.value.code == "verification.remark_missing"


def test_it_is_concluded_once(family: Family, officer: Actor, check_of: CheckOf) -> None:
    check = check_of(family)
    conclude_check(actor=officer, at=LATER, check=check.id, remark="好")
    with pytest.raises(Refused) as caught:
        conclude_check(actor=officer, at=LATER, check=check.id, remark="再来")
    assert caught.value.code == "verification.cannot_conclude"


def test_a_check_with_a_newer_one_is_not_concluded(family: Family, officer: Actor, check_of: CheckOf) -> None:
    check = check_of(family)
    check_of(family, at=LATER)
    with pytest.raises(Refused) as caught:
        conclude_check(actor=officer, at=LATER, check=check.id, remark="好")
    assert caught.value.code == "verification.newer_check"


def test_the_database_keeps_conclusions_whole(family: Family, lake: Lake, check_of: CheckOf) -> None:
    check = check_of(family)
    for wrong in ({"state": "concluded"}, {"concluded_by": "a"}, {"conclusion_digest": "0" * 64}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Check.objects.filter(pk=check.pk).update(**wrong)


@pytest.mark.parametrize(
    "remark",
    ["存款 87654.32 元。", "存款87,654元。", "约 87,654.32", "存款8.8万元", "存款 8.77 万元。", "全家共 210000.02 元"],
)
def test_a_conclusion_gives_no_bank_figure_away(
    family: Family, lake: Lake, officer: Actor, check_of: CheckOf, remark: str
) -> None:
    family.sign()
    lake.put(BANK, family.keys[family.son], **balance("87654.32"))
    lake.put(BANK, family.keys[family.mother], **balance("122345.70"))
    check = check_of(family)
    with pytest.raises(Refused) as caught:
        conclude_check(actor=officer, at=LATER, check=check.id, remark=remark)
    assert caught.value.code == "verification.remark_has_bank_figure"
    conclude_check(actor=officer, at=LATER, check=check.id, remark="存款超过规定；2026-07-15 电话核实，3 人知情。")


def test_small_and_other_numbers_are_no_bank_figures() -> None:
    case = {"persons": [{"records": {"bank_balance": [{"deposits": "12.00", "as_at": "2026-06-30"}]}}]}
    assert bank_figures(case, {"bank_balance": ["deposits"]}) == set()
    assert not gives_away("2026-07-15，12 个月，3 人，收入 1200.50 元", {Decimal("87654.32")})
