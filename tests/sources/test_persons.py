# ruff: noqa: E501  (tables of writings and files)
"""Identity numbers are restored where nothing is lost, and never guessed."""

from __future__ import annotations

import re

import pytest

from doudi.sources.reading.persons import AS_FLOAT, number_in, people_in
from tests.sources.conftest import ANNA, BERT, ending_in_x

X = ending_in_x()
CERTIFICATE = re.compile(r"^(.{18}|\d{15})[1-7][1-4](?:\(?B[0-9]+\)?)?$")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (ANNA, ANNA), (f" {ANNA} ", ANNA), (f"'{ANNA}", ANNA), (f"’{ANNA}", ANNA), (f"\t{ANNA}", ANNA), (f'="{ANNA}"', ANNA),
        (f"{ANNA[:6]} {ANNA[6:14]} {ANNA[14:]}", ANNA), (f"{ANNA[:6]}-{ANNA[6:14]}-{ANNA[14:]}", ANNA), (X.lower(), X),
        (X[:17] + "Ｘ", X), (X[:17] + "×", X), (X[:17] + "х", X), (f"\ufeff{ANNA}\u200b", ANNA), (f"{ANNA}。", ANNA),
        ("".join(chr(ord(c) + 0xFEE0) for c in ANNA), ANNA), (ANNA[:6] + ANNA[8:17], ANNA), (float(ANNA[:6] + ANNA[8:17]), ANNA),
    ],
)  # fmt: skip
def test_a_number_in_many_writings(written: object, value: str) -> None:
    assert number_in(written) == (value, None)


def test_a_wrong_number_is_said_to_be_wrong() -> None:
    wrong = ANNA[:17] + ("1" if ANNA[17] != "1" else "2")
    assert number_in(wrong) == (None, "row.number_check")
    assert number_in(ANNA[:17]) == (None, "row.number_length")
    assert number_in(ANNA + "1") == (None, "row.number_length")
    assert number_in("张三") == (None, "row.number_length")
    assert number_in("-") == (None, "row.number_empty")
    assert number_in("") == (None, "row.number_empty")


@pytest.mark.parametrize("written", [9.9010119800101e17, "9.90101E+17", "9.90101198001010e17", 990101198001010000.0])
def test_a_number_whose_digits_are_lost_is_a_fault_of_the_file(written: object) -> None:
    assert number_in(written) == (None, AS_FLOAT)


@pytest.mark.parametrize("after", ["53", "53B1", "53b2", "５３", " 53 ", "53-B1", "53（B1）", ""])
def test_a_certificate_number_holds_its_persons(after: str) -> None:
    assert number_in(ANNA + after, CERTIFICATE) == (ANNA, None)
    assert number_in(X.lower() + after, CERTIFICATE) == (X, None)


def test_one_cell_with_many_people() -> None:
    both = [(ANNA, "甲一"), (BERT, "乙二")]
    for cell in (
        f"甲一{ANNA}；乙二{BERT}", f"甲一{ANNA};乙二{BERT}", f"甲一 {ANNA}、乙二 {BERT}", f"甲一（{ANNA}），乙二（{BERT}）",
        f"甲一:{ANNA}\n乙二:{BERT}", f"{ANNA}甲一；{BERT}乙二；",
    ):  # fmt: skip
        assert people_in(cell) == (both, True), cell


def test_an_unreadable_member_is_left_out_and_said() -> None:
    wrong = BERT[:17] + ("1" if BERT[17] != "1" else "2")
    assert people_in(f"甲一{ANNA}；乙二{wrong}") == ([(ANNA, "甲一")], False)
    assert people_in(f"甲一{ANNA}；乙二") == ([(ANNA, "甲一")], False)
    assert people_in("") == ([], True)
