"""No cell of a table we hand out is run as a formula."""

from __future__ import annotations

import pytest

from doudi.lib.cells import harmless


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "低保", "-12.50", "+3", "1=1", "云溪县 城关街道"])
def test_words_and_numbers_stay(cell: str) -> None:
    assert harmless(cell) == cell
