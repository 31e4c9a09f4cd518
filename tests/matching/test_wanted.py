"""Windows reach back whole months before the day; a delivery answers only for what it covers."""

from __future__ import annotations

import datetime

import pytest

from doudi.matching.logic.families import declared_fact, is_minor
from doudi.matching.logic.wanted import Wanted, covers, window_of

DAY = datetime.date


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (DAY(2026, 7, 14), DAY(2025, 7, 1), DAY(2026, 6, 1)),
        (DAY(2026, 1, 1), DAY(2025, 1, 1), DAY(2025, 12, 1)),
        (DAY(2026, 12, 31), DAY(2025, 12, 1), DAY(2026, 11, 1)),
    ],
)
def test_the_window_is_the_twelve_months_before_the_month(day: DAY, first: DAY, last: DAY) -> None:
    assert window_of(12, day) == (first, last)


def test_a_delivery_that_ends_too_early_or_begins_too_late_does_not_answer() -> None:
    wages = Wanted("wage", "shuiwu_gongzi", "authorised", (), 12)
    day = DAY(2026, 7, 14)
    assert covers(wages, day, DAY(2025, 7, 1), DAY(2026, 6, 1))
    assert covers(wages, day, None, DAY(2026, 6, 1))
    assert not covers(wages, day, DAY(2025, 7, 1), DAY(2026, 5, 1))
    assert not covers(wages, day, DAY(2025, 8, 1), DAY(2026, 6, 1))
    assert covers(Wanted("vehicle", "gongan_cheliang", "department_list", (), None), day, None, DAY(2020, 1, 1))


def test_a_child_comes_of_age_on_the_birthday() -> None:
    born = DAY(2008, 7, 14)
    assert is_minor(born, DAY(2026, 7, 13))
    assert not is_minor(born, DAY(2026, 7, 14))
    assert is_minor(DAY(2008, 2, 29), DAY(2026, 2, 28))
    assert not is_minor(DAY(2008, 2, 29), DAY(2026, 3, 1))
    assert not is_minor(None, DAY(2026, 7, 14))


def test_what_is_not_cleared_up_or_not_in_the_list_is_unknown() -> None:
    codes = ("有", "无")
    assert declared_fact("有", codes) == "有"
    assert declared_fact("不清楚", codes) is None
    assert declared_fact("也许", codes) is None
    assert declared_fact(None, codes) is None
    assert declared_fact("150.00", None) == "150.00"
