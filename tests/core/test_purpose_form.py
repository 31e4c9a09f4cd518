"""What is said of a purpose goes on record: no number of a person, card or telephone, however it is written."""

from __future__ import annotations

import pytest
from django import forms

from doudi.core.purpose_form import without_numbers
from doudi.lib.identity_number import check_character

NUMBER = "99010119500501001" + check_character("99010119500501001")


@pytest.mark.parametrize(
    "text",
    [
        NUMBER, f"ID{NUMBER}", f"sfz{NUMBER}", f"{NUMBER[:6]}.{NUMBER[6:14]}.{NUMBER[14:]}", "990101500501001",
        "来电 13800001111", "138 0000 1111", "138·0000·1111", "6222_0202_0011_2233", f"{NUMBER[:6]}\u200b{NUMBER[6:]}",
    ],
)  # fmt: skip
def test_numbers_are_refused(text: str) -> None:
    with pytest.raises(forms.ValidationError):
        without_numbers(text)


@pytest.mark.parametrize("text", ["SQ990101-2026-00012", "户 YX000000300", "2026-11-30 来电", "第 12 号，3 人"])
def test_numbers_of_ours_and_days_go(text: str) -> None:
    assert without_numbers(f" {text} ") == text
