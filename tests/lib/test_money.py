"""Money is decimal at scale 10, half up, and never a float."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from doudi.lib import money

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
STEPS = st.sampled_from([Decimal("0.01"), Decimal("0.1"), Decimal(1), Decimal(5), Decimal(10)])


@given(AMOUNTS, AMOUNTS)
def test_sums_of_cents_are_exact(left: Decimal, right: Decimal) -> None:
    assert Fraction(money.add(left, right)) == Fraction(left) + Fraction(right)
    assert money.subtract(money.add(left, right), right) == left


@given(AMOUNTS, AMOUNTS)
def test_a_quotient_is_within_half_a_unit_of_scale_ten(left: Decimal, right: Decimal) -> None:
    assume(right != 0)
    off = abs(Fraction(money.divide(left, right)) - Fraction(left) / Fraction(right))
    assert off <= Fraction(1, 2 * 10**10)


def test_what_binary_floats_get_wrong() -> None:
    third = money.divide(Decimal("0.3"), Decimal(3))
    assert third == Decimal("0.1") and not third < Decimal("0.1")
    assert money.add(Decimal("0.1"), Decimal("0.2")) == Decimal("0.3")


@given(AMOUNTS, STEPS)
def test_rounding_goes_to_the_nearest_step_and_half_away_from_zero(value: Decimal, step: Decimal) -> None:
    rounded = money.round_to(value, step)
    assert rounded % step == 0 and abs(rounded - value) * 2 <= step
    assert money.round_to(-value, step) == -rounded


@given(AMOUNTS, STEPS)
def test_rounding_up_gives_the_next_step_not_below(value: Decimal, step: Decimal) -> None:
    rounded = money.round_up_to(value, step)
    assert rounded % step == 0 and 0 <= rounded - value < step


@given(AMOUNTS, AMOUNTS)
def test_results_are_decimals(left: Decimal, right: Decimal) -> None:
    made = [money.add(left, right), money.multiply(left, right), money.round_to(left, Decimal("0.01"))]
    assert all(type(value) is Decimal for value in made)


def test_a_float_is_refused_by_the_arithmetic() -> None:
    with pytest.raises(TypeError):
        money.add(Decimal(1), 0.1)  # type: ignore[arg-type]


def test_too_large_is_an_error_of_that_value() -> None:
    with pytest.raises(money.Overflow):
        money.multiply(Decimal(10) ** 20, Decimal(10) ** 20)


def test_rounding_loses_no_digit_of_a_large_amount_whatever_the_surrounding_context() -> None:
    large = Decimal("1234567890123456789012345678.985")
    with localcontext(prec=5):
        assert money.round_to(large, Decimal("0.01")) == Decimal("1234567890123456789012345678.99")
        assert money.round_up_to(large, Decimal(1)) == Decimal("1234567890123456789012345679")
