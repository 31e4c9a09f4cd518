"""Names are spelled one way and found by every likely reading."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from doudi.registry.logic.names import MOST_READINGS, grams, normalised_name, readings, search_texts


def test_blanks_and_middle_dots_have_one_spelling() -> None:
    assert normalised_name("孔 超思") == "孔超思"
    written = ["次仁．多吉", "次仁·多吉", "次仁・多吉", "次仁•多吉", "次仁.多吉", " 次仁 ‧ 多吉 "]
    assert {normalised_name(item) for item in written} == {"次仁·多吉"}


def test_a_surname_is_read_as_a_surname_first_and_otherwise_too() -> None:
    spoken = [item.full for item in readings("单雄信")]
    assert spoken[0] == "shanxiongxin"
    assert "danxiongxin" in spoken
    assert readings("尉迟恭")[0].full == "yuchigong"


def test_a_polyphone_in_the_given_name_keeps_both_readings() -> None:
    assert {"wangle", "wangyue"} <= {item.full for item in readings("王乐")}


def test_initials_follow_the_readings() -> None:
    assert {"cxl", "zxl"} <= {item.initials for item in readings("曾小丽")}


def test_a_name_with_a_dot_is_read_through() -> None:
    assert readings("次仁·多吉")[0].full == "cirenduoji"


def test_a_part_of_a_name_is_a_gram() -> None:
    assert grams("欧阳修") == ("欧", "阳", "修", "欧阳", "阳修")


def test_an_empty_name_has_no_rows() -> None:
    assert search_texts("") == []


@given(st.text(max_size=40))
def test_any_text_gives_few_rows_and_never_fails(text: str) -> None:
    name = normalised_name(text)
    assert normalised_name(name) == name
    assert len(readings(name)) <= MOST_READINGS
    assert all(len(row) <= 200 for _kind, row in search_texts(name))
