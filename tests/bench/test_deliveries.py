"""Made-up deliveries carry numbers with a right check character and the impossible prefix."""

from __future__ import annotations

from pathlib import Path

from doudi.lib.identity_number import examined
from doudi.site.bench.deliveries import identity_numbers, write_csv


def test_identity_numbers_are_valid_different_and_of_nobody() -> None:
    numbers = identity_numbers(2_500)
    assert len(set(numbers)) == 2_500
    assert all(examined(number) == (number, None) and number.startswith("99") for number in numbers)


def test_one_row_in_a_thousand_has_a_number_that_nobody_can_use(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", 3_000, 1)
    header, *lines = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
    assert header.split(",")[1] == "证件号码"
    assert sum(examined(line.split(",")[1])[0] is None for line in lines) == 3
