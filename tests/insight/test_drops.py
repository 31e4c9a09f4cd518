"""A drop inside a stretch that cannot be told is a drop."""

from __future__ import annotations

from decimal import Decimal

import pytest

from doudi.engine.cliff import Flip
from doudi.insight.logic.drops import Drop, hidden_drop, worst_drop

NOTHING = {"zh": "", "en": ""}


def flip(earned: str, before: str | None, after: str | None) -> Flip:
    have, get = (None if text is None else Decimal(text) for text in (before, after))
    change = None if have is None or get is None else get - have
    at = Decimal(earned)
    return Flip(at, at + Decimal("0.01"), have, get, change, "", NOTHING, NOTHING, (), ())


def test_what_is_known_on_both_sides_says_how_much_is_lost() -> None:
    found = hidden_drop([flip("200", "2358", "2350"), flip("461.99", "2620", None), flip("848.40", None, "848.41")])
    assert found == Drop(Decimal("461.99"), Decimal("848.41"), Decimal("2620"), Decimal("848.41"))
    assert found.lost == Decimal("1771.59")


@pytest.mark.parametrize(
    "flips",
    [
        [],
        [flip("100", "500", None)],
        [flip("100", None, "500")],
        [flip("100", "500", None), flip("300", None, "700")],
        [flip("100", "500", None), flip("300", None, None), flip("400", None, "499.50")],
    ],
    ids=["none", "open to the right", "open to the left", "more", "a rounding"],
)
def test_where_nothing_is_lost_or_a_side_is_not_known_there_is_none(flips: list[Flip]) -> None:
    assert hidden_drop(flips) is None


def test_of_several_the_largest_counts() -> None:
    found = hidden_drop([flip("1", "50", None), flip("2", None, "40"), flip("3", "90", None), flip("4", None, "20")])
    assert found is not None and found.lost == 70


def test_the_headline_is_the_larger_drop_of_both_kinds() -> None:
    jump, small = flip("10", "900", "400"), flip("20", "900", "899.50")
    into, out = flip("30", "700", None), flip("40", None, "500")
    assert worst_drop([small]) == (None, None)
    assert worst_drop([jump, small]) == (jump, None)
    assert worst_drop([into, out]) == (None, hidden_drop([into, out]))
    assert worst_drop([jump, into, out]) == (jump, None)
    assert worst_drop([flip("5", "900", "850"), into, out]) == (None, hidden_drop([into, out]))
