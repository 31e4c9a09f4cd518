"""CASE.json of a unit: registry facts, declarations, rows of the lake, and why something is not known."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from doudi.core.actor import Actor
from doudi.engine import policy
from doudi.engine.case import read_case
from doudi.engine.rulebook import Rulebook, resolve
from doudi.engine.run import decide
from doudi.matching.queries import CaseRequest, case_for, cases_for
from doudi.registry.actions import form_unit, record_declarations
from doudi.registry.logic.newcomers import NewDeclaration
from doudi.registry.queries import keys_of
from tests.matching.fakes import FakeCoverage, FakeLake
from tests.registry.conftest import AT

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 7, 14)
Allow = Callable[..., Callable[..., set[uuid.UUID]]]


class Family:
    """A mother who is head, a grown son, a small child."""

    def __init__(self, actor: Actor, person: Callable[..., uuid.UUID], mother_is_member: bool = True) -> None:
        self.actor = actor
        self.mother = person("马诺", "19700101", 2)
        self.son = person("马超", "20000101", 1)
        self.child = person("马小", "20150101", 1)
        members = [(self.son, "子女"), (self.child, "孙子女")]
        if mother_is_member:
            members.insert(0, (self.mother, "户主"))
        unit = form_unit(
            actor=actor, at=AT, members=members, head=self.mother, area_code="990101001001", on=DAY, origin="SQ1"
        )
        self.unit = unit.id
        self.keys = {key: held[0] for key, held in keys_of([self.mother, self.son, self.child]).items()}

    def declare(self, application: str = "", **facts: str | None) -> None:
        said = [
            NewDeclaration(f"household.{k}", v, DAY, household=self.unit, application=application)
            for k, v in facts.items()
        ]
        record_declarations(actor=self.actor, at=AT, declarations=said)


@pytest.fixture
def family(actor: Actor, person: Callable[..., uuid.UUID]) -> Family:
    return Family(actor, person)


def of(case: dict[str, Any], person: uuid.UUID) -> dict[str, Any]:
    return next(item for item in case["persons"] if item["id"] == str(person))


def wage(amount: str, row: int = 1) -> dict[str, Any]:
    return {
        "month": datetime.date(2026, 1, 1),
        "amount": Decimal(amount),
        "payer": "厂",
        "_row": row,
        "_delivery": "d1",
    }


def test_a_case_has_facts_of_the_registry_and_what_was_declared(
    family: Family, lake: FakeLake, rulebook: Rulebook, allow: Allow
) -> None:
    family.declare(declared_other_income="150.00", obligor_status="有")
    case = case_for(rulebook, family.unit, DAY, permitted=allow())
    assert (case["as_of"], case["place"]) == ("2026-07-14", "990101")
    assert case["household"] == {
        "id": str(family.unit),
        "area": "990101001001",
        "head": str(family.mother),
        "declared_other_income": "150.00",
        "obligor_status": "有",
    }
    son = of(case, family.son)
    assert (son["member"], son["born_on"], son["hukou_type"]) == (True, "2000-01-01", "农村")
    assert [item["id"] for item in case["persons"]] == [str(family.mother), str(family.son), str(family.child)]


def test_what_nobody_cleared_up_is_not_answered_and_what_nobody_said_is_left_out(
    family: Family, lake: FakeLake, rulebook: Rulebook, allow: Allow
) -> None:
    family.declare(obligor_status="不清楚")
    household = case_for(rulebook, family.unit, DAY, permitted=allow())["household"]
    assert household["obligor_status"] == {"unknown": "not_answered"}
    assert "declared_other_income" not in household


def test_rows_carry_their_place_in_the_delivery_and_only_columns_of_the_rulebook(
    family: Family, lake: FakeLake, rulebook: Rulebook, allow: Allow
) -> None:
    key = family.keys[family.son]
    lake.held["shuiwu_gongzi"] = {key: [wage("3000.00", 7)]}
    case = case_for(rulebook, family.unit, DAY, permitted=allow(key))
    row = {"month": "2026-01-01", "amount": "3000.00", "_row": 7, "_delivery": "d1"}
    assert of(case, family.son)["records"] == {"wage": [row], "vehicle": []}


def test_an_adult_who_did_not_sign_is_not_permitted_and_a_child_goes_with_the_family(
    family: Family, lake: FakeLake, rulebook: Rulebook, allow: Allow
) -> None:
    key = family.keys[family.son]
    lake.held["shuiwu_gongzi"] = {held: [wage("100.00")] for held in family.keys.values()}
    case = case_for(rulebook, family.unit, DAY, permitted=allow(key))
    assert of(case, family.mother)["records"]["wage"] == {"unknown": "not_permitted"}
    assert of(case, family.mother)["is_authorised"] is False
    assert of(case, family.son)["is_authorised"] is True
    assert len(of(case, family.child)["records"]["wage"]) == 1
    assert of(case, family.child)["is_authorised"] is False


def test_a_feed_that_never_came_or_ends_too_early_is_not_answered(
    family: Family, lake: FakeLake, rulebook: Rulebook, allow: Allow
) -> None:
    everybody = allow(*family.keys.values())
    del lake.coverages["gongan_cheliang"]
    lake.coverages["shuiwu_gongzi"] = FakeCoverage(datetime.date(2025, 7, 1), datetime.date(2026, 5, 1))
    records = of(case_for(rulebook, family.unit, DAY, permitted=everybody), family.son)["records"]
    assert records == {"wage": {"unknown": "not_answered"}, "vehicle": {"unknown": "not_answered"}}


def test_somebody_with_a_quarantined_row_is_not_answered(
    family: Family, lake: FakeLake, rulebook: Rulebook, allow: Allow
) -> None:
    lake.spoiled["gongan_cheliang"] = {family.keys[family.son]}
    case = case_for(rulebook, family.unit, DAY, permitted=allow())
    assert of(case, family.son)["records"]["vehicle"] == {"unknown": "not_answered"}
    assert of(case, family.mother)["records"]["vehicle"] == []


def test_an_empty_cell_is_unknown(family: Family, lake: FakeLake, rulebook: Rulebook, allow: Allow) -> None:
    lake.held["gongan_cheliang"] = {family.keys[family.son]: [{"state": None, "_row": 1, "_delivery": "d1"}]}
    case = case_for(rulebook, family.unit, DAY, permitted=allow())
    assert of(case, family.son)["records"]["vehicle"][0]["state"] == {"unknown": "not_answered"}


def test_a_head_outside_the_unit_is_in_the_case_but_no_member(
    actor: Actor, person: Callable[..., uuid.UUID], lake: FakeLake, rulebook: Rulebook, allow: Allow
) -> None:
    family = Family(actor, person, mother_is_member=False)
    case = case_for(rulebook, family.unit, DAY, permitted=allow())
    assert case["household"]["head"] == str(family.mother)
    assert of(case, family.mother)["member"] is False


def test_many_cases_read_each_feed_once(
    actor: Actor, person: Callable[..., uuid.UUID], lake: FakeLake, rulebook: Rulebook, allow: Allow
) -> None:
    families = [Family(actor, person), Family(actor, person)]
    families[0].declare("SQ1", declared_other_income="1.00")
    families[0].declare("SQ2", declared_other_income="2.00")
    requests = [
        CaseRequest(families[0].unit, DAY, "SQ1"),
        CaseRequest(families[0].unit, DAY, "SQ2"),
        CaseRequest(families[1].unit, DAY + datetime.timedelta(1)),
    ]
    cases = cases_for(rulebook, requests, permitted=allow())
    assert sorted(lake.reads) == ["gongan_cheliang", "shuiwu_gongzi"]
    assert [case["household"].get("declared_other_income") for case in cases] == ["1.00", "2.00", None]
    assert cases[2]["as_of"] == "2026-07-15"


def test_the_engine_decides_a_case_built_for_the_shipped_rules(family: Family, lake: FakeLake, allow: Allow) -> None:
    """Everything received and nothing found but wages and an unfinished custody: a proposal with an amount."""
    shipped = resolve(policy.load(Path(__file__).parents[2] / "policy"), "990101")
    for feed in shipped.feeds:
        lake.coverages[feed] = FakeCoverage(datetime.date(2025, 7, 1), datetime.date(2026, 6, 1))
    family.declare(declared_other_income="150.00", education_spending="0.00", obligor_status="有")
    lake.held["shuiwu_gongzi"] = {family.keys[family.son]: [wage("1200.00")]}
    balance = {"as_at": DAY, "deposits": Decimal("10.00"), "wealth_products": Decimal(0), "_row": 1, "_delivery": "b"}
    lake.held["yinhang_jinrong"] = {key: [balance] for key in family.keys.values()}
    term = {"kind": "服刑", "from_on": datetime.date(2026, 1, 1), "to_on": None, "_row": 1, "_delivery": "c"}
    lake.held["sifa_zaiya"] = {family.keys[family.mother]: [term]}
    case = case_for(shipped, family.unit, DAY, permitted=allow(*family.keys.values()))
    proposal = decide(shipped, read_case(case, shipped), chain="basic_living")
    assert proposal.values["household.counted_members", str(family.unit)] == 2
    assert (proposal.programme, proposal.outcome) == ("dibao", "eligible")
    assert proposal.missing == ()


def test_an_authorisation_signed_after_the_application_opens_the_data_from_then_on(
    rulebook: Rulebook, family: Family, lake: FakeLake
) -> None:
    """The facts stay those of the day of application; only what may be looked at is asked of the day of asking."""
    key, signed = family.keys[family.son], datetime.date(2026, 7, 20)
    lake.held["shuiwu_gongzi"] = {key: [wage("1000.00")]}

    def permitted(_feed: str, _keys: object, on: datetime.date) -> set[uuid.UUID]:
        return {key} if on >= signed else set()

    def seen(asked_on: datetime.date | None) -> dict[str, Any]:
        request = CaseRequest(family.unit, DAY, asked_on=asked_on)
        case = cases_for(rulebook, [request], permitted=permitted)[0]
        assert case["as_of"] == DAY.isoformat()
        return of(case, family.son)

    for early in (None, DAY, signed - datetime.timedelta(days=1)):
        assert seen(early)["records"]["wage"] == {"unknown": "not_permitted"}
        assert seen(early)["is_authorised"] is False
    assert seen(signed)["is_authorised"] is True
    assert seen(signed)["records"]["wage"][0]["amount"] == "1000.00"
