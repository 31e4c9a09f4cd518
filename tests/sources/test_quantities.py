# ruff: noqa: E501  (tables of writings and files)
"""Amounts are exact decimals in every writing that means one amount."""

from __future__ import annotations

from decimal import Decimal

import pytest

from doudi.engine.feeds import Column
from doudi.sources.reading.values import CellReader

LABEL = {"zh": "列", "en": "column"}


def reader(kind: str, **more: object) -> CellReader:
    return CellReader(Column("x", ("列",), kind, LABEL, LABEL, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1587.34", "1587.34"), ("1,587.34", "1587.34"), ("1，587.34", "1587.34"), ("１５８７．３４", "1587.34"),
        ("￥1,587.34", "1587.34"), ("¥1587.34", "1587.34"), ("1587.34元", "1587.34"), ("1,587.34 元", "1587.34"),
        ("人民币1587.34元", "1587.34"), ("1 587.34", "1587.34"), ("-1587.34", "-1587.34"), ("－1587.34", "-1587.34"),
        ("−1587.34", "-1587.34"), ("(1,587.34)", "-1587.34"), ("（1,587.34）", "-1587.34"), ("1587.34-", "-1587.34"),
        ("-¥1587.34", "-1587.34"), ("¥-1587.34", "-1587.34"), ("+20", "20"), ("'20", "20"), (" 20 ", "20"), ("20.", "20"),
        (".5", "0.50"), ("0", "0"), ("1.587万元", "15870"), ("2万", "20000"), ("301.52元/月", "301.52"), (1587.34, "1587.34"),
        (0.1 + 0.2, "0.30"), (12.0, "12"), ("12.345", "12.35"), ("1,234,567.80", "1234567.80"), ("123,4567.80", "1234567.80"),
        ("20\u200b", "20"), ("\ufeff20", "20"), ("=20", "20"),
    ],
)  # fmt: skip
def test_an_amount_in_many_writings(written: object, value: str) -> None:
    money = reader("money")
    assert money[written] == Decimal(value)
    assert money[written].as_tuple().exponent == -2
    assert not money.faults


@pytest.mark.parametrize(
    "written", ["1,23", "12,3456,78", "1.2.3", "约20", "1.59E+03", "二十", "20美元", "$20", "--20", "inf", "(20"]
)
def test_what_is_no_amount_is_a_fault(written: object) -> None:
    money = reader("money")
    assert money[written] is None
    assert money.faults == {written: "row.money"}


@pytest.mark.parametrize("written", ["", "-", "—", "/", "无", "NULL", None, "N/A"])
def test_an_empty_amount_is_unknown_and_never_zero(written: object) -> None:
    money = reader("money")
    assert money[written] is None
    assert not money.faults
    needed = reader("money", required=True)
    assert needed[written] is None
    assert needed.faults[written] == "row.required"


def test_the_senders_unit_multiplies_but_a_cells_own_unit_goes_before_it() -> None:
    money = reader("money", multiply=Decimal(10000))
    assert [money[cell] for cell in (12.3, "12.3", "12.3万元", "123000元")] == [Decimal("123000.00")] * 4


def test_numbers_take_the_units_of_counting_and_area() -> None:
    assert reader("number")["123.70㎡"] == Decimal("123.7000")
    assert reader("number")["123.7平方米"] == Decimal("123.7000")
    assert reader("integer")["4人"] == 4
    assert reader("integer")[4.0] == 4
    whole = reader("integer")
    assert whole["4.5"] is None
    assert whole.faults == {"4.5": "row.number"}


def test_codes_are_compared_without_blanks_and_widths() -> None:
    codes = {"注销-死亡": LABEL, "正常": LABEL, "无": LABEL}
    state = reader("code", codes=codes)
    written = ["正常", " 正 常 ", "正常\u200b", "注销－死亡", "注销—死亡", "无"]
    assert [state[cell] for cell in written] == ["正常", "正常", "正常", "注销-死亡", "注销-死亡", "无"]
    assert state["异常"] is None
    assert state.faults == {"异常": "row.code"}


def test_yes_and_no() -> None:
    public = reader("boolean")
    assert [public[cell] for cell in ("是", "Y", "1", 1.0, "TRUE", "否", "n", "0", "-")] == [True] * 5 + [False] * 3 + [
        None
    ]


def test_a_long_number_in_a_text_column_stored_as_float_is_a_fault() -> None:
    unit = reader("text")
    assert unit[9.90101724289368e16] is None
    assert unit.faults == {9.90101724289368e16: "row.as_float"}
    assert unit[12.0] == "12"


def test_names_lose_blanks_but_foreign_ones_keep_one() -> None:
    name = reader("person_name")
    assert [name[cell] for cell in ("张 三", "张　三", "古丽•艾合买提", "Anna  Berg", "无")] == [
        "张三",
        "张三",
        "古丽·艾合买提",
        "Anna Berg",
        None,
    ]
