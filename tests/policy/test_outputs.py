"""The tables of a place: columns, formats, words, and what happens with bad definitions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from doudi.engine.errors import PolicyErrors
from doudi.engine.outputs import ListItem, OutcomeWords, OutputColumn, OutputTable, row
from doudi.engine.outputs_reader import tables_for

WORDS = OutcomeWords(
    eligible={"tekun": "特困", "dibao": "低保"},
    pending={"tekun": "{programme}(特困待定:义务人)"},
    not_eligible="不符合",
    undetermined="待定:缺{missing}",
    name_first=("person.financial_assets",),
)


def proposal(**changes: object) -> SimpleNamespace:
    fields: dict[str, object] = {
        "outcome": "not_eligible",
        "programme": None,
        "pending": None,
        "amount": None,
        "missing": (),
        "values": {},
        "household": "h",
    }
    return SimpleNamespace(**{**fields, **changes})


def missing(fact: str, zh: str, requirement: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(fact=fact, label={"zh": zh, "en": zh}, requirement=requirement)


def cell(
    column: OutputColumn, given: dict[str, str] | None = None, person: str | None = None, **changes: object
) -> str:
    return row(OutputTable("t", "household", (column,)), proposal(**changes), given=given or {}, person=person)[
        column.name
    ]  # type: ignore[arg-type]


def value(written: object, style: str) -> str:
    return cell(OutputColumn("c", style, quantity="household.x"), values={("household.x", "h"): written})


@pytest.mark.parametrize(
    ("written", "style", "text"),
    [
        (Decimal("114.585"), "two_decimals", "114.59"),
        (Decimal("1796.995"), "two_decimals", "1797.00"),
        (Decimal("-0.001"), "two_decimals", "0.00"),
        (Decimal("-12.345"), "two_decimals", "-12.35"),
        (3, "integer", "3"),
        (Decimal("1079.0"), "shortest", "1079"),
        (Decimal("851.5"), "shortest", "851.50"),
        (True, "zero_one", "1"),
        (False, "zero_one", "0"),
        ("小学", "code", "小学"),
        (date(2026, 7, 1), "code", "2026-07-01"),
        (None, "two_decimals", ""),
    ],
)
def test_a_value_is_written_in_its_format(written: object, style: str, text: str) -> None:
    assert value(written, style) == text


def test_a_binary_number_is_refused() -> None:
    with pytest.raises(TypeError):
        value(0.1, "two_decimals")


def test_given_columns_are_copied() -> None:
    assert cell(OutputColumn("c", given="application"), {"application": "SQ1"}) == "SQ1"


def test_a_persons_value_is_read_for_that_person() -> None:
    column = OutputColumn("c", "integer", quantity="person.n")
    assert cell(column, person="b", values={("person.n", "a"): 1, ("person.n", "b"): 2}) == "2"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"outcome": "not_eligible"}, "不符合"),
        ({"outcome": "eligible", "programme": "tekun"}, "特困"),
        ({"outcome": "eligible", "programme": "dibao", "pending": "tekun"}, "低保(特困待定:义务人)"),
        (
            {
                "outcome": "undetermined",
                "missing": (
                    missing("household.obligor_status", "义务人"),
                    missing("person.financial_assets", "金融资产"),
                ),
            },
            "待定:缺金融资产",
        ),
        (
            {
                "outcome": "undetermined",
                "missing": (
                    missing("person.financial_assets", "金融资产"),
                    missing("authorisation", "授权", "authorisation"),
                ),
            },
            "待定:缺授权",
        ),
        ({"outcome": "undetermined", "missing": (missing("person.wage_total", "工资"),)}, "待定:缺工资"),
    ],
)
def test_an_outcome_is_said_in_the_words_of_the_place(changes: dict[str, object], text: str) -> None:
    assert cell(OutputColumn("c", outcome=WORDS), **changes) == text


def test_an_amount_is_written_for_the_named_programmes_only() -> None:
    column = OutputColumn("c", amount=("dibao",))
    assert cell(column, outcome="eligible", programme="dibao", amount=Decimal(12)) == "12"
    assert cell(column, outcome="eligible", programme="dibao_edge", amount=Decimal(12)) == ""
    assert cell(column, outcome="undetermined", programme=None) == ""


def test_a_list_leaves_out_what_is_unknown_and_keeps_its_order() -> None:
    items = (
        ListItem("车辆", "household.a", False),
        ListItem("房产", "household.b", False),
        ListItem("金融资产", "household.c", True),
    )
    column = OutputColumn("c", items=items, separator=";")
    values = {("household.a", "h"): False, ("household.b", "h"): None, ("household.c", "h"): True}
    assert cell(column, values=values) == "车辆;金融资产"


def write(folder: Path, place: str, text: str) -> Path:
    (folder / "places" / place).mkdir(parents=True)
    (folder / "places" / place / "outputs.yaml").write_text(text, encoding="utf-8")
    return folder


TABLE = """outputs:
  t:
    one_row_per: household
    columns:
      - {name: 甲, quantity: household.x, format: integer}
"""


def test_the_nearest_place_decides(tmp_path: Path) -> None:
    root = write(tmp_path, "9901", TABLE)
    assert list(tables_for(root, "990101001", names=["household.x"])) == ["t"]
    assert tables_for(root, "50", names=[]) == {}


def test_an_unknown_quantity_is_refused_with_its_place_and_a_suggestion(tmp_path: Path) -> None:
    root = write(tmp_path, "9901", TABLE)
    with pytest.raises(PolicyErrors) as caught:
        tables_for(root, "9901", names=["household.xx"])
    error = caught.value.errors[0]
    assert error.code == "rule.name_unknown" and error.suggestion == "household.xx"
    assert str(error.where) == "places/9901/outputs.yaml:5:29"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (TABLE.replace("format: integer", "format: float"), "policy.expected"),
        (TABLE.replace("format:", "formt:"), "policy.key_unknown"),
        (TABLE.replace("one_row_per: household", "one_row_per: village"), "policy.expected"),
        (TABLE.replace("quantity: household.x", "quantity: household.x, given: n"), "policy.expected"),
        (TABLE.replace("name: 甲, ", ""), "policy.key_missing"),
        ("outputs: [1]\n", "policy.expected"),
    ],
)
def test_a_bad_definition_is_refused(tmp_path: Path, text: str, code: str) -> None:
    root = write(tmp_path, "9901", text)
    with pytest.raises(PolicyErrors) as caught:
        tables_for(root, "9901", names=["household.x"])
    assert caught.value.errors[0].code == code
