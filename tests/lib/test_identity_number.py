"""Identity numbers: the check character finds slips, 15 digits become 18, nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.lib.identity_number import check_character, examined, is_in, normalise, resembles, without_numbers

DAYS = st.dates(date(1900, 1, 1), date(2026, 6, 30))


@st.composite
def first17(draw: st.DrawFn, days: st.SearchStrategy[date] = DAYS) -> str:
    place = draw(st.integers(0, 9999))
    return f"99{place:04}{draw(days):%Y%m%d}{draw(st.integers(0, 999)):03}"


@given(first17())
def test_a_number_with_its_check_character_is_in_normal_form(first: str) -> None:
    number = first + check_character(first)
    assert normalise(number) == number and normalise(normalise(number) or "") == number


@given(first17(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(first: str, place: int, step: int) -> None:
    number = first + check_character(first)
    other = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assert normalise(other) is None


@given(first17(), st.integers(0, 15))
def test_two_neighbours_changed_over_are_always_found(first: str, place: int) -> None:
    number = first + check_character(first)
    other = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert other == number or normalise(other) is None


@given(first17(st.dates(date(1900, 1, 1), date(1999, 12, 31))))
def test_the_old_form_becomes_the_new_one(first: str) -> None:
    number = first + check_character(first)
    assert normalise(number[:6] + number[8:17]) == number


@given(first17(), st.sampled_from(["'{}", " {} ", "{}\u3000", "`{}", "\ufeff{}"]), st.booleans())
def test_what_spreadsheets_add_is_taken_off(first: str, frame: str, wide: bool) -> None:
    number = first + check_character(first)
    written = "".join(chr(ord(c) + 0xFEE0) for c in number) if wide else number.lower()
    assert normalise(frame.format(f"{written[:6]} {written[6:]}")) == number


@given(st.text(max_size=30))
def test_any_text_is_a_number_in_normal_form_or_has_one_fault(text: str) -> None:
    number, fault = examined(text)
    assert (number is None) == (fault in ("empty", "length", "check", "birth"))
    assert number is None or (len(number) == 18 and normalise(number) == number)


def test_a_birth_date_that_never_was_is_a_fault() -> None:
    first = "99010119990230001"
    assert examined(first + check_character(first)) == (None, "birth")


@pytest.mark.parametrize("number", ["SQ990101-2026-00001", "SQ2", "20260714000001", "990101202699990001", "YX000030"])
def test_a_number_of_an_application_does_not_resemble_an_identity_number(number: str) -> None:
    assert not resembles(number)


@pytest.mark.parametrize("written", ["{}", "ID{}", "sfz{}元", "2026-11-30 {}", "6222 {} 13800001111"])
def test_a_number_within_a_text_is_found_however_it_stands(written: str) -> None:
    number = "99010119500501001" + check_character("99010119500501001")
    assert is_in(written.format(number))


@pytest.mark.parametrize("gap", [" ", "-", ".", "\u200b", "　", "·", "，"])
def test_a_number_within_a_text_is_found_however_it_is_parted(gap: str) -> None:
    number = "99010119500501001" + check_character("99010119500501001")
    text = f"复议 {number[:6]}{gap}{number[6:14]}{gap}{number[14:]} 已告知"
    assert is_in(text) and number[6:14] not in without_numbers(text) and without_numbers(text).startswith("复议 99")


def test_an_old_number_of_fifteen_digits_is_found_and_other_figures_are_not() -> None:
    assert is_in("原证号 990101500501001")
    for text in ("申请 SQ990101-2026-00001", "卡 6222020200112233445", "2025-01-01 2025-12-31", "990101195005010011"):
        assert not is_in(text) and without_numbers(text) == text
