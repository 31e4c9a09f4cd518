"""Numbers of a sheet: as people write them, never longer than a figure is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from doudi.engine.policy import load
from doudi.engine.rulebook import resolve
from doudi.rulebook.logic.sheet_rows import read_sheet

ROOT = Path(__file__).resolve().parents[2] / "policy"
HEADING = ["parameter", "area", "from", "to", "value", "document"]


@pytest.mark.parametrize(
    "text", ["1E+900000000", "0E+900000000", "1E-900000000", "9" * 16, "1" * 5000, "NaN", "一", "2E+1"]
)
def test_a_number_longer_than_a_figure_is_refused_with_row_and_column(text: str) -> None:
    rulebook = resolve(load(ROOT), "990101")
    read = read_sheet([HEADING, ["car_limit", "990101", "2027-01-01", "", text, "通知"]], rulebook, "990101")
    assert [(one.row, one.column) for one in read.problems] == [(2, "数值 / value")] and not read.values


@pytest.mark.parametrize(("text", "plain"), [("1,200", "1200"), ("20%", "0.2"), ("830.50", "830.50")])
def test_a_number_is_read_as_people_write_it(text: str, plain: str) -> None:
    rulebook = resolve(load(ROOT), "990101")
    number = rulebook.parameters["car_limit"]
    loose = {**rulebook.parameters, "car_limit": replace(number, kind=replace(number.kind, base="number"))}
    book = replace(rulebook, parameters=loose)
    read = read_sheet([HEADING, ["car_limit", "990101", "2027-01-01", "", text, "通知"]], book, "990101")
    assert [one.value.value for one in read.values] == [plain], read.problems
