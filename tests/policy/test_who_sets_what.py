"""What the shipped law sets nationally, and what the city and the county of the demonstration set themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from doudi.engine.policy import Policy, load

ROOT = Path(__file__).resolve().parents[2] / "policy"
CITY, COUNTY = "9901", "990101"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(ROOT)


def test_the_nation_sets_no_line_and_no_limit_of_assets(policy: Policy) -> None:
    for name in ("dibao_line", "financial_asset_months", "car_limit", "home_limit", "rigid_income_limit"):
        assert policy.base.parameters[name].values == ()


def test_only_a_province_or_a_prefecture_may_set_the_line(policy: Policy) -> None:
    assert policy.base.parameters["dibao_line"].set_by == ("province", "prefecture")


def test_the_city_sets_the_lines_the_deductions_the_supplements_the_margin_and_tekun(policy: Policy) -> None:
    assert set(policy.places[CITY].parameters) == {
        "dibao_line",
        "work_expense_rate",
        "serious_illness_threshold",
        "basic_pension_is_disregarded",
        "supplement_for_serious_illness",
        "supplement_for_severe_disability",
        "supplement_for_old_and_young",
        "dibao_edge_multiple",
        "tekun_multiple",
    }
    assert policy.places[CITY].programmes["tekun"].unit == "household"


def test_the_county_sets_the_asset_test_and_essential_expenditure(policy: Policy) -> None:
    assert set(policy.places[COUNTY].parameters) == {
        "financial_asset_months",
        "car_limit",
        "home_limit",
        "home_area_limit",
        "business_capital_limit",
        "rigid_income_limit",
        "essential_expenditure_ratio_limit",
        "relaxed_car_limit",
        "relaxed_asset_months",
    }


def test_the_lines_change_on_the_first_of_july(policy: Policy) -> None:
    values = {(v.from_on.isoformat(), v.key): str(v.value) for v in policy.places[CITY].parameters["dibao_line"].values}
    assert values == {
        ("2024-07-01", "城镇"): "760",
        ("2024-07-01", "农村"): "590",
        ("2025-07-01", "城镇"): "800",
        ("2025-07-01", "农村"): "620",
        ("2026-07-01", "城镇"): "830",
        ("2026-07-01", "农村"): "650",
    }


def test_tekun_is_recognised_person_by_person_nationally(policy: Policy) -> None:
    assert policy.base.programmes["tekun"].unit == "person"


def test_every_true_or_false_rule_of_a_family_or_a_person_says_yes_and_no_in_both_languages(policy: Policy) -> None:
    for layer in (policy.base, *policy.places.values()):
        for rule in layer.rules.values():
            if rule.kind.base == "boolean":
                assert rule.yes and rule.no, rule.qualified
                assert all(words[lang].strip() for words in (rule.yes, rule.no) for lang in ("zh", "en"))


def test_every_rule_of_the_county_names_its_article(policy: Policy) -> None:
    for place in (CITY, COUNTY):
        for rule in policy.places[place].rules.values():
            assert rule.basis[0].article.startswith("第"), rule.qualified
