"""No cell of a table we hand out is run as a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.lib.cells import as_text, harmless, is_active

RISKY = [
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1+1", "＋1+1", "－1+1",
    "＠SUM(A1)", "  =1", "\u3000=1", "\ufeff=1", "\u200b=1", '"=1', '""=1"', " '=1", "“=1", "﹢1+1", "- 名称",
    *(f"{unseen}=1+1" for unseen in "\u3164\u115f\u1160\uffa0\u2800\u034f\u17b4\u17b5\u180b\ufe0f\U000e0100"),
]  # fmt: skip


@pytest.mark.parametrize("cell", RISKY)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert harmless(cell).startswith("'")
    assert not is_active(harmless(cell))


@pytest.mark.parametrize(
    "cell", ["", "低保", "-12.50", "+3", "1=1", "云溪县 城关街道", "-", "+1,200.00", "-5%", "1e5", "A-1"]
)
def test_words_and_numbers_stay(cell: str) -> None:
    assert harmless(cell) == cell


@pytest.mark.parametrize("cell", ["甲;=1+1", "甲,@SUM(A1)", "甲\t=1", "甲\n+1+1", "甲|=1", '甲";"=1'])
def test_a_cell_that_another_delimiter_would_cut_begins_no_formula_either(cell: str) -> None:
    made = harmless(cell)
    for delimiter in ",;\t|\n":
        assert not [part for part in made.split(delimiter) if part.lstrip(" \"'")[:1] in "=+-@" and part[:1] in "=+-@"]
    assert made.startswith("甲")


def test_numbers_that_lose_their_end_are_texts_in_a_csv_file() -> None:
    number = "990101199001010" + "011"
    assert as_text(number) == "'" + number
    assert as_text("012") == "'012" and as_text("12") == "12" and as_text("-12.50") == "-12.50"
    assert as_text("990101********0011") == "990101********0011"


@given(st.text(alphabet=st.sampled_from("=+-@＝＋－＠ \t\r\n\0'\"“\u3000\ufeff;,|甲a1.%"), max_size=12))
def test_once_is_enough_and_nothing_runs(cell: str) -> None:
    made = harmless(cell)
    assert harmless(made) == made
    text = io.StringIO()
    csv.writer(text).writerow([made])
    assert next(csv.reader(io.StringIO(text.getvalue(), newline=""))) == [made]
    if made.strip() and not _number(made):
        assert made[:1] not in "=+-@＝＋－＠\t\r" or len(made.rstrip()) == 1


def _number(text: str) -> bool:
    return any(c.isdigit() for c in text) and set(text.strip()) <= set("+-.,%0123456789eE")
