"""A reform is a file laid over a policy: figures scaled or set anew, rules replaced, what does not exist refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from doudi.engine.errors import PolicyErrors
from doudi.engine.policy import Policy, load
from doudi.engine.reform import Reform, parse_reform, read_reform, reformed
from doudi.engine.rulebook import Rulebook, resolve

SHIPPED = Path(__file__).resolve().parents[2] / "policy"
HEAD = "name: trial\nlabel: {zh: 试行, en: trial}\n"


def policy() -> Policy:
    return load(SHIPPED)


def reform(text: str) -> Reform:
    return parse_reform(HEAD + text, policy())


def after(text: str, place: str = "990101") -> Rulebook:
    return resolve(reformed(policy(), reform(text)), place)


def figure(rulebook: Rulebook, name: str, day: date, key: str | None = None) -> object:
    values = rulebook.parameters[name].values
    held = (v for v in values if v.from_on <= day and (v.to_on is None or day <= v.to_on) and v.key == key)
    return next(held).value


def test_a_scale_holds_from_the_reforms_first_day_for_every_area_and_residence() -> None:
    rulebook = after("from: 2026-07-01\nparameters:\n  dibao_line: {scale: 1.055}\n")
    for key, line in (("城镇", Decimal(830)), ("农村", Decimal(650))):
        scaled = (line * Decimal("1.055")).quantize(Decimal("0.01"))
        assert figure(rulebook, "dibao_line", date(2026, 7, 14), key) == scaled
    assert figure(rulebook, "dibao_line", date(2026, 6, 30), "城镇") == 800
    other = after("parameters:\n  dibao_line: {scale: 2, key: 农村}\n")
    assert figure(other, "dibao_line", date(2026, 7, 14), "城镇") == 830
    assert figure(other, "dibao_line", date(2026, 7, 14), "农村") == 1300


def test_a_scale_with_a_last_day_cuts_a_value_in_three() -> None:
    rulebook = after("from: 2025-09-01\nto: 2025-12-31\nparameters:\n  dibao_line: {scale: 2}\n")
    days = (date(2025, 8, 31), date(2025, 9, 1), date(2025, 12, 31), date(2026, 1, 1))
    assert [figure(rulebook, "dibao_line", day, "城镇") for day in days] == [800, 1600, 1600, 800]


def test_new_values_take_the_place_of_those_in_force_in_their_area() -> None:
    rulebook = after("from: 2026-08-01\nparameters:\n  car_limit: {values: [{area: '990101', value: 1}]}\n")
    assert figure(rulebook, "car_limit", date(2026, 7, 31)) == 0
    assert figure(rulebook, "car_limit", date(2026, 8, 1)) == 1
    assert rulebook.parameters["car_limit"].values[0].basis.sample


def test_a_rule_is_replaced_wherever_it_stands_and_the_policy_given_stays_as_it_was() -> None:
    text = (
        "rules:\n  household.meets_vehicle_test:\n    type: boolean\n    label: {zh: 车辆, en: cars}\n"
        "    formula: household.cars <= 1\n    basis: [{document: 试行}]\n"
        "    yes: {zh: 是。, en: 'Yes.'}\n    no: {zh: 否。, en: 'No.'}\n"
    )
    before, changed = resolve(policy(), "990101"), after(text)
    assert changed.quantities["household.meets_vehicle_test"].text == "household.cars <= 1"
    assert before.quantities["household.meets_vehicle_test"].text == "household.cars <= car_limit"
    assert before.hash != changed.hash and policy().hash != reformed(policy(), reform(text)).hash


def test_the_same_file_gives_the_same_hash_and_one_of_an_area_leaves_others_alone(tmp_path: Path) -> None:
    path = tmp_path / "reform.yaml"
    path.write_text(HEAD + "area: '9901'\nparameters:\n  dibao_line: {scale: 1.1}\n", encoding="utf-8")
    first, second = (reformed(policy(), read_reform(path, policy())) for _ in range(2))
    assert first.hash == second.hash
    day = date(2026, 7, 14)
    assert figure(resolve(first, "990101"), "dibao_line", day, "城镇") == Decimal("913.00")
    assert figure(resolve(first, "50"), "dibao_line", day, "城镇") == figure(
        resolve(policy(), "50"), "dibao_line", day, "城镇"
    )


@pytest.mark.parametrize(
    ("text", "code", "line", "suggestion"),
    [
        ("parameters:\n  dibao_lime: {scale: 1.1}\n", "reform.parameter_unknown", 4, "dibao_line"),
        ("rules:\n  household.meets_vehicle_tests: {}\n", "reform.rule_unknown", 4, "household.meets_vehicle_test"),
        ("programmes:\n  dibaoo: {}\n", "reform.programme_unknown", 4, "dibao"),
        ("chains:\n  basic_livin: {}\n", "reform.chain_unknown", 4, "basic_living"),
        ("parameters:\n  dibao_line: {scale: 1.1, values: []}\n", "policy.expected", 4, None),
        ("parameters:\n  dibao_line: {scale: -1}\n", "policy.out_of_bounds", 4, None),
        ("parameters:\n  dibao_line: {times: 2}\n", "policy.key_unknown", 4, None),
    ],
)
def test_what_does_not_exist_is_refused_with_its_place_and_a_suggestion(
    text: str, code: str, line: int, suggestion: str | None
) -> None:
    with pytest.raises(PolicyErrors) as refused:
        reform(text)
    (error,) = refused.value.errors
    assert error.where is not None
    assert (error.code, error.where.file, error.where.line, error.suggestion) == (code, "reform.yaml", line, suggestion)
    assert error.message("zh") != error.message("en")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("parameters:\n  basic_pension_is_disregarded: {scale: 2}\n", "reform.scale_of_no_number"),
        ("parameters:\n  financial_asset_months: {scale: 1.01}\n", "reform.scale_not_whole"),
    ],
)
def test_what_cannot_be_scaled_is_refused(text: str, code: str) -> None:
    with pytest.raises(Exception, match=r"reform\.yaml") as refused:
        reformed(policy(), reform(text))
    assert getattr(refused.value, "code", "") == code


def test_a_level_that_may_not_set_a_figure_may_not_in_a_reform_either() -> None:
    with pytest.raises(PolicyErrors) as refused:
        after("parameters:\n  dibao_line: {values: [{area: '990101', values: {城镇: 900, 农村: 900}}]}\n")
    assert [e.code for e in refused.value.errors] == ["policy.may_not_set"]
