"""Reasons of a decision: every step with label, formula in words, values put in, figures, articles and source rows."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from doudi.engine.case import read_case
from doudi.engine.policy import load
from doudi.engine.proposal import Proposal, Step
from doudi.engine.rulebook import resolve
from doudi.engine.run import decide
from doudi.engine.telling import proposal_text
from tests.engine.decision_case import decision_case

POLICY = Path(__file__).resolve().parents[2] / "policy"


WORK = "工资 10,800.00 × 就业成本占工资的比例 20% = 2,160.00（上限低保标准 650.00 × 12 = 7,800.00）"
LIMIT = "合计 4,621.10，限额低保标准 650.00 × 金融资产人均上限（几个月的低保标准） 24 × 计入人数 2 = 31,200.00"


def proposed(case: dict[str, Any] | None = None) -> Proposal:
    rulebook = resolve(load(POLICY), "990101")
    return decide(rulebook, read_case(case or decision_case(), rulebook))


PROPOSAL = proposed()


def step(name: str, subject: str = "h1", proposal: Proposal = PROPOSAL) -> Step:
    return next(s for s in proposal.steps if s.name == name and s.subject == subject)


def test_the_family_of_the_decision_screen_gets_what_the_screen_says() -> None:
    assert (PROPOSAL.outcome, PROPOSAL.programme, PROPOSAL.amount) == ("eligible", "dibao", 658)
    assert step("household.assessed_income").shown["zh"] == "772.80 元/月"
    assert step("household.income_per_head").shown["zh"] == "386.40 元/月"
    assert PROPOSAL.headline["zh"] == "系统建议：符合最低生活保障（低保）条件，每月 658.00 元"


@pytest.mark.parametrize(
    ("name", "subject", "zh", "en"),
    [
        ("person.pension_income", "li", "月待遇 341.00 − 其中基础养老金 143.00", None),
        ("person.wage_total", "wang", "9 笔合计 10,800.00", "9 rows, in all 10,800.00"),
        ("person.work_expense_disregard", "wang", WORK, None),
        ("person.net_wage", "wang", "工资 10,800.00 − 就业成本 2,160.00", "wages 10,800.00 − work expenses 2,160.00"),
        ("household.wages_and_pensions", "h1", "(0.00 + 8,640.00) + (198.00 + 0.00) × 12", None),
        ("household.assessed_income", "h1", "年核定收入 9,273.60 ÷ 12", "assessed income of the year 9,273.60 ÷ 12"),
        ("household.income_per_head", "h1", "月核定收入 772.80 ÷ 计入人数 2", None),
        ("household.is_below_line", "h1", "人均月收入 386.40 低于低保标准 650.00", None),
        ("household.gap_top_up", "h1", "低保标准 650.00 × 计入人数 2 − 月核定收入 772.80", None),
        ("household.category_supplement", "h1", "(20% + 0) × 低保标准 650.00", None),
        ("household.exceeds_financial_limit", "h1", LIMIT, None),
        ("person.is_severely_disabled", "li", "有 1 条", "1 found"),
        ("person.is_severely_disabled", "wang", "没有", "none found"),
        ("person.is_dead", "li", "有死亡登记（否），或户籍因死亡注销（否）", None),
        ("person.age", "li", "1960-03-01 出生、到 2026-07-10 的周岁", "age on 2026-07-10, born 1960-03-01"),
    ],
)  # fmt: skip
def test_a_step_is_written_as_a_clerk_writes_a_sum(name: str, subject: str, zh: str, en: str | None) -> None:
    assert step(name, subject).worked["zh"] == zh
    if en is not None:
        assert step(name, subject).worked["en"] == en


def test_formulas_are_said_in_words() -> None:
    assert step("person.wage_total", "wang").formula["zh"] == "工资薪金申报的收入额合计（申请月前 12 个月）"
    assert step("household.income_per_head").formula["en"] == "assessed income per month ÷ members counted"
    assert "=" not in step("household.is_below_line").formula["zh"]


def test_steps_name_figures_with_date_and_place_articles_and_rows() -> None:
    line = step("household.is_below_line").parameters[0]
    assert (line["name"], line["value"]["zh"], line["area"], line["from"], line["key"]) == (
        "dibao_line", "650.00", "9901", "2026-07-01", "农村",
    )  # fmt: skip
    assert line["basis"]["article"] == "第1条"
    assert step("household.is_below_line").basis[0]["document"] == "社会救助暂行办法"
    wages = step("person.wage_total", "wang").sources[0]
    assert (wages["feed"], wages["delivery"], wages["count"], wages["rows"]) == (
        "shuiwu_gongzi", "d1", 9, list(range(2, 11)),
    )  # fmt: skip
    assert step("person.pension_income", "li").sources[0]["rows"] == [1204]


def test_steps_stand_in_the_order_of_working_out_and_name_what_they_build_on() -> None:
    places = {s.id: number for number, s in enumerate(PROPOSAL.steps)}
    for one in PROPOSAL.steps:
        assert all(places[name] < places[one.id] for name in one.inputs), one.id
    assert "household.assessed_income@h1" in step("household.income_per_head").inputs


def test_bank_steps_carry_their_sensitivity() -> None:
    assert step("person.financial_assets", "li").sensitivity == "bank"
    assert step("household.exceeds_financial_limit").sensitivity == "bank"
    assert step("household.meets_asset_test").sensitivity == "ordinary"


def test_nothing_is_said_with_a_false_sentence() -> None:
    case = decision_case()
    case["household"]["declared_other_income"] = "900.00"
    rich = proposed(case)
    assert step("household.is_below_line", proposal=rich).worked["zh"] == "人均月收入 836.40 不低于低保标准 650.00"


def test_what_is_missing_is_named_with_person_and_reason() -> None:
    case = decision_case()
    case["persons"][1]["records"]["bank_balance"] = {"unknown": "not_answered"}
    open_case = proposed(case)
    assert [(m.fact, m.person, m.reason) for m in open_case.missing] == [
        ("person.financial_assets", "wang", "not_answered")
    ]
    text = proposal_text(open_case, "zh", steps=True)
    assert "wang 的金融资产（部门没有反馈）" in text and "还定不下来，缺：金融资产" in text
    over = step("household.exceeds_financial_limit", proposal=open_case)
    assert over.worked["zh"].startswith("已知的合计 4,621.10，限额") and over.shown["zh"] == "未知"


def test_an_unsigned_adult_is_named_before_anything_else() -> None:
    case = decision_case()
    case["persons"][1]["is_authorised"] = False
    for record in ("wage", "bank_balance"):
        case["persons"][1]["records"][record] = {"unknown": "not_permitted"}
    found = proposed(case)
    assert [(m.requirement, m.person) for m in found.missing] == [
        ("require__chain_basic_living__authorisation", "wang")
    ]
    assert found.headline["zh"] == "还定不下来，缺：授权"


def test_every_step_reads_in_both_languages_without_a_name_of_the_code() -> None:
    for one in PROPOSAL.steps:
        for lang in ("zh", "en"):
            for text in (one.sentence[lang], one.formula[lang], one.worked[lang], one.shown[lang]):
                assert text and "household." not in text and "person." not in text and "None" not in text, one.id
    for one in PROPOSAL.steps:
        assert not any("\u4e00" <= c <= "\u9fff" for c in one.formula["en"].replace("居民", "")), one.formula["en"]


def test_reasons_replay_to_the_same_bytes() -> None:
    again = proposed(deepcopy(decision_case()))
    assert json.dumps(again.to_json(), sort_keys=True) == json.dumps(PROPOSAL.to_json(), sort_keys=True)
