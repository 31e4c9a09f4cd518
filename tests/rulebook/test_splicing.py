"""One entry of a policy file changes, every other line stays as it was."""

from __future__ import annotations

import difflib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.strict_yaml import parse
from doudi.rulebook.logic.splicing import drop_entry, drop_value, put_entry, put_value
from doudi.rulebook.logic.yaml_text import NewBasis, NewValue, scalar

ROOT = Path(__file__).resolve().parents[2] / "policy"
CITY = (ROOT / "places" / "9901" / "parameters.yaml").read_text(encoding="utf-8")
COUNTY = (ROOT / "places" / "990101" / "parameters.yaml").read_text(encoding="utf-8")
RULES = (ROOT / "places" / "990101" / "rules.yaml").read_text(encoding="utf-8")
BASIS = NewBasis("云溪县社会救助实施细则（摘要）", "云府发〔2026〕9号", "第5条第a项", sample=True)
LINES = NewValue("9901", date(2027, 1, 1), None, "", BASIS, {"城镇": "860", "农村": "680"})


def lines_of(before: str, after: str) -> tuple[list[str], list[str]]:
    found = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return [x[2:] for x in found if x[0] == "-"], [x[2:] for x in found if x[0] == "+"]


def months(value: str, from_on: date = date(2027, 1, 1), to_on: date | None = None) -> NewValue:
    return NewValue("990101", from_on, to_on, value, BASIS)


def test_a_value_is_added_and_nothing_else_changes() -> None:
    gone, new = lines_of(CITY, put_value(CITY, "dibao_line", LINES))
    assert gone == []
    assert [line.strip() for line in new] == [
        "- area: '9901'",
        "from: 2027-01-01",
        "values: {城镇: 860, 农村: 680}",
        "basis: {document: 云溪县社会救助实施细则（摘要）, number: 云府发〔2026〕9号, article: 第5条第a项, "
        "sample: yes}",
    ]


def test_a_value_of_the_same_day_is_replaced() -> None:
    made = put_value(COUNTY, "financial_asset_months", months("30", date(2025, 7, 1), date(2027, 6, 30)))
    gone, new = lines_of(COUNTY, made)
    assert len(gone) == 1 and "value: 24" in gone[0]
    assert any("value: 30" in line for line in new) and any("to: 2027-06-30" in line for line in new)


def test_a_parameter_the_place_had_none_of_is_added() -> None:
    gone, new = lines_of(COUNTY, put_value(COUNTY, "work_hours", months("8")))
    assert gone == [] and new[0] == "  work_hours:"


def test_the_first_file_of_a_place_is_written() -> None:
    assert parse(put_value("", "financial_asset_months", months("30")))["parameters"]["financial_asset_months"]


def test_a_value_is_taken_out_again() -> None:
    added = put_value(CITY, "dibao_line", LINES)
    assert drop_value(added, "dibao_line", "9901", "2027-01-01") == CITY


def test_the_last_value_takes_its_parameter_along() -> None:
    gone, new = lines_of(COUNTY, drop_value(COUNTY, "financial_asset_months", "990101", "2025-07-01"))
    assert new == [] and gone[0] == "  financial_asset_months:"


def test_a_rule_is_replaced_and_removed() -> None:
    table = {
        "type": "boolean",
        "label": {"zh": "车辆符合规定", "en": "meets the vehicle test"},
        "formula": "household.cars <= car_limit or\n  household.counted_members > 4",
        "basis": [{"document": "细则", "article": "第5条: b"}],
        "yes": {"zh": "符合。", "en": "It does."},
        "no": {"zh": "不符合。", "en": "It doesn't."},
    }
    made = put_entry(RULES, "rules", "household.meets_vehicle_test", table)
    read = parse(made)["rules"]["household.meets_vehicle_test"]
    assert read["no"]["en"] == "It doesn't." and "counted_members > 4" in read["formula"]
    assert drop_entry(made, "rules", "household.meets_vehicle_test") == drop_entry(
        RULES, "rules", "household.meets_vehicle_test"
    )


def test_a_section_without_entries_goes_too() -> None:
    assert drop_entry("# 说明\nrules:\n  a.b:\n    x: 1\n", "rules", "a.b") == "# 说明\n"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_any_text_is_read_as_it_was_written(text: str) -> None:
    try:
        written = scalar(text)
    except ValueError:
        return
    assert parse(f"a: {{b: {written}, c: 1}}")["a"]["b"] == text
    assert parse(f"a: {written}")["a"] == text


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "\u2028", "\ufeffa", "\x85"])
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="control"):
        scalar(text)
