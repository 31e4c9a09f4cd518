"""The cliff curve of a family: its flips to the fen, named by their rule; holes where something is unknown."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from doudi.engine.case import read_case
from doudi.engine.cliff import Cliff, cliff
from doudi.engine.errors import CaseError
from doudi.engine.policy import load
from doudi.engine.reform import read_reform, reformed
from doudi.engine.rulebook import Rulebook, resolve
from doudi.engine.run import decide
from tests.engine.small import chain_of, household, programme, rule, rulebook_of

ROOT = Path(__file__).resolve().parents[2]
NONE: dict[str, list[Any]] = {r: [] for r in ("pension", "custody", "disability", "vehicle", "property", "business")}
DISABLED = {"category": "肢体", "grade": "二级", "state": "有效"}


def person(name: str, **more: Any) -> dict[str, Any]:
    own = {"id": name, "born_on": "1980-05-01", "hukou_type": "农村", "is_authorised": True, "records": NONE}
    answered = {"has_death_record": False, "has_register_death": False}
    money = ("wage_total", "farm_subsidy_total", "out_of_pocket", "inpatient_out_of_pocket", "financial_assets")
    return {**own, **answered, **dict.fromkeys(money, "0.00"), **more}


FAMILY: dict[str, Any] = {
    "as_of": "2026-07-10",
    "place": "990101",
    "household": {
        "area": "990101001001", "head": "a", "declared_other_income": "0.00", "education_spending": "8000.00",
        "obligor_status": "有",
    },
    "persons": [
        person("a"), person("b", born_on="2012-01-01"), person("c", records={**NONE, "disability": [DISABLED]}),
    ],
}  # fmt: skip


def shipped(reform: str | None = None) -> Rulebook:
    policy = load(ROOT / "policy")
    if reform is not None:
        policy = reformed(policy, read_reform(ROOT / "reforms" / f"{reform}.yaml", policy))
    return resolve(policy, "990101")


def curve(rulebook: Rulebook, case: dict[str, Any] = FAMILY, limit: int = 4000) -> Cliff:
    """Of the programmes of the chain, so that these figures stay what they are when others are added."""
    read = read_case(deepcopy(case), rulebook)
    chain = rulebook.chains["basic_living"].programmes
    return cliff(rulebook, read, case["persons"][0]["id"], limit=Decimal(limit), programmes=chain)


def test_the_cliff_is_found_to_the_fen_and_named_by_the_rule_that_flips() -> None:
    first, second = curve(shipped()).flips
    # 650 yuan a head, three members, a fifth of wages left out: 650 × 3 ÷ 0.8.
    assert (first.earned_before, first.earned_after) == (Decimal("2437.49"), Decimal("2437.50"))
    # The disabled member's supplement of 30 % of the line, rounded up, goes at once.
    assert (first.resources_before, first.resources_after) == (Decimal("2633.49"), Decimal("2437.50"))
    assert first.change == Decimal("-195.99")
    assert first.rule == "household.is_below_line" and first.basis[0].article == "第九条"
    assert "没有低于" in first.sentence["zh"] and "not below" in first.sentence["en"]
    ended = {s.programme: (s.before, s.after) for s in first.programmes}
    assert ended["dibao"] == ("eligible", "not_eligible") and ended["dibao_edge"] == ("not_eligible", "eligible")
    # One and a half times the line: the recognition ends, no money is lost.
    assert second.earned_after == Decimal("3575.00") and second.rule == "household.is_at_the_margin"


def test_every_point_is_what_deciding_the_case_gives_and_nothing_jumps_between_flips() -> None:
    rulebook = shipped()
    found = curve(rulebook)
    for point in found.points[::12]:
        case = deepcopy(FAMILY)
        case["persons"][0]["wage_total"] = str(point.earned * 12)
        proposal = decide(rulebook, read_case(case, rulebook), explain=False)
        assert point.resources == point.earned + (proposal.amount or 0)
    edges = {(flip.earned_before, flip.earned_after) for flip in found.flips}
    for one, other in pairwise(found.points):
        assert one.resources is not None and other.resources is not None
        if (one.earned, other.earned) not in edges:
            assert 0 <= other.resources - one.resources + 1 <= other.earned - one.earned + 2


def test_what_stays_of_a_yuan_more_is_told_between_the_flips() -> None:
    low, high = curve(shipped()).stretches
    assert (low.earned_from, low.earned_to, low.kept) == (Decimal("0.00"), Decimal("2437.49"), Decimal("0.200"))
    assert (high.earned_from, high.earned_to, high.kept) == (Decimal("2437.50"), Decimal("4000.00"), Decimal("1.000"))


def test_gradual_exit_and_exemption_move_the_cliff_and_leave_more_of_each_yuan() -> None:
    exit_kept = [stretch.kept for stretch in curve(shipped("gradual_exit")).stretches]
    assert exit_kept[1] == Decimal("0.600")
    exempt = curve(shipped("earned_income_exemption"))
    assert exempt.stretches[0].kept == 1 and exempt.stretches[0].earned_to == Decimal("1950.00")
    assert exempt.flips[0].earned_after == Decimal("3900.00")


def test_an_undetermined_stretch_is_a_hole_and_never_zero() -> None:
    case = deepcopy(FAMILY)
    case["persons"][1]["financial_assets"] = {"unknown": "not_answered"}
    found = curve(shipped(), case)
    below = [p for p in found.points if p.earned < Decimal("2437.50")]
    assert all(p.resources is None and p.amounts.get("dibao") is None for p in below)
    assert found.points[-1].resources == 4000 and found.stretches[0].kept is None
    assert found.flips[0].change is None and found.counted == ("dibao",)


def test_yearly_money_is_shared_over_months_and_what_is_paid_once_is_left_out() -> None:
    wages = {"person.wage_total": {"type": "money", "unit": "yuan/year", "source": "declared", "label": SAID,
                                   "meaning": SAID}}  # fmt: skip
    rules = {
        "household.wages": rule("money", "sum(person.wage_total)", unit="yuan/year"),
        "household.is_poor": rule("boolean", "household.wages < 12000"),
        "household.yearly": rule("money", "case when household.wages < 6000 then 1200 else 600 end", unit="yuan/year"),
        "household.gift": rule("money", "100", unit="yuan"),
    }
    rulebook = rulebook_of(
        rules,
        facts=wages,
        programmes={
            "help": programme("household.is_poor", amount="household.yearly", recognition="no"),
            "gift": programme("household.is_poor", amount="household.gift", recognition="no"),
            "unsure": programme("household.q", amount="household.yearly", recognition="no"),
        },
        chains={"basic": chain_of("help")},
    )
    found = cliff(rulebook, read_case(household({}, {"wage_total": "0"}), rulebook), "p0", limit=Decimal(2000))
    assert found.points[0].resources == 100 and found.counted == ("help",)
    assert (found.once, found.left_out) == (("gift",), ("unsure",))
    hidden, end = found.flips
    assert (hidden.earned_after, hidden.change, hidden.rule) == (Decimal(500), Decimal("-49.99"), "")
    assert (end.earned_after, end.change, end.rule) == (Decimal(1000), Decimal("-49.99"), "household.is_poor")


def test_a_person_who_is_no_member_is_refused() -> None:
    rulebook = shipped()
    with pytest.raises(CaseError):
        cliff(rulebook, read_case(deepcopy(FAMILY), rulebook), "nobody")


SAID = {"zh": "工资", "en": "wages"}
