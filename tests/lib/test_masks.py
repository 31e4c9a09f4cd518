"""Numbers are hidden wherever they stand, words and amounts stay."""

from __future__ import annotations

import pytest

from doudi.lib.identity_number import check_character
from doudi.lib.masks import masked

NUMBER = "99010119900101001" + check_character("99010119900101001")


@pytest.mark.parametrize(
    "text",
    [NUMBER, f"甲{NUMBER}；乙{NUMBER}", NUMBER.lower(), f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}", NUMBER + "7",
     NUMBER[:17], "6222021234567890123", "622202 1234 5678 90123", "９９０１０１１９９００１０１００１１"],
)  # fmt: skip
def test_no_long_number_is_left(text: str) -> None:
    made = masked(text)
    assert "*" in made and "19900101" not in made and "１９９００１０１" not in made and "1234567890" not in made
    assert masked(made) == made


def test_first_six_and_last_four_of_an_identity_number_stay() -> None:
    assert masked(NUMBER) == f"990101********{NUMBER[-4:]}"
    assert masked("6222021234567890123") == "***************0123"
    assert masked("电话13800000000") == "电话138****0000"


@pytest.mark.parametrize(
    "text", ["", "12.50", "990101001001", "2026-07-14", "20260714", "SQ202600001", "甲", "1,234,567.00"]
)
def test_words_codes_days_and_amounts_stay(text: str) -> None:
    assert masked(text) == text
