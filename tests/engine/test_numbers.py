"""Decimals of scale 10, half up, never binary; rounding only where it is written; overflow is an error of its row."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

import pytest

from doudi.engine.backends.duckdb import screen
from doudi.engine.case import read_case
from doudi.engine.errors import CaseError, EngineError
from doudi.engine.python import Program
from tests.engine.small import AS_OF, holds, household, rule, rulebook_of, table, value
from tests.engine.snapshots import read_results, write_snapshot


def test_a_tenth_is_a_tenth() -> None:
    case = household({"x": "0.3"})
    assert holds("household.x / 3 < 0.1", case) is False
    assert holds("household.x / 3 = 0.1", case) is True
    assert holds("household.x - 0.1 - 0.2 = 0", case) is True


@pytest.mark.parametrize(
    ("x", "by", "quotient"),
    [
        ("1", 3, "0.3333333333"),
        ("2", 3, "0.6666666667"),
        ("-2", 3, "-0.6666666667"),
        ("1", 16384, "0.0000610352"),
        ("0.0000000001", 2, "0.0000000001"),
        ("-0.0000000001", 2, "-0.0000000001"),
        ("0.0000000001", 3, "0"),
        ("9999999.99", 7, "1428571.4271428571"),
    ],
)
def test_a_quotient_has_ten_decimals_rounded_half_away_from_zero(x: str, by: int, quotient: str) -> None:
    assert value(f"household.x / {by}", household({"x": x})) == Decimal(quotient)


@pytest.mark.parametrize(
    ("x", "y", "product"),
    [
        ("0.3333333333", "0.3333333333", "0.1111111111"),
        ("0.00001", "0.000005", "0.0000000001"),
        ("-0.00001", "0.000005", "-0.0000000001"),
        ("123456.78", "0.2", "24691.356"),
    ],
)
def test_a_product_is_rounded_to_ten_decimals(x: str, y: str, product: str) -> None:
    assert value("household.x * household.y", household({"x": x, "y": y})) == Decimal(product)


@pytest.mark.parametrize(
    ("x", "cents", "up", "tens"),
    [
        ("1.005", "1.01", 2, 0),
        ("-1.005", "-1.01", -1, 0),
        ("1.0049999999", "1", 2, 0),
        ("5", "5", 5, 10),
        ("-5", "-5", -5, -10),
        ("4.9999999999", "5", 5, 0),
        ("0", "0", 0, 0),
        ("-0.4", "-0.4", 0, 0),
        ("1079.000000001", "1079", 1080, 1080),
    ],
)
def test_rounding_to_a_step_is_half_up_and_rounding_up_is_to_the_next_multiple(
    x: str, cents: str, up: int, tens: int
) -> None:
    formulas = {
        "cents": "round_to(household.x, 0.01)",
        "up": "round_up_to(household.x, 1)",
        "tens": "round_to(household.x, 10)",
    }
    assert table(formulas, [household({"x": x})])[0] == {"cents": Decimal(cents), "up": up, "tens": tens}


def test_amounts_are_rounded_to_cents_first_and_then_up_to_yuan() -> None:
    formula = "round_up_to(round_to(household.x, 0.01), 1)"
    assert value(formula, household({"x": "700.004"})) == 700
    assert value(formula, household({"x": "700.005"})) == 701


@pytest.mark.parametrize(
    ("x", "y"), [("1000000", "112.34"), ("-1000000", "112.34"), ("99999999", "99999999.99"), ("3", "-99999999999.99")]
)
def test_what_is_made_of_a_rounded_amount_is_never_too_wide_unseen(x: str, y: str) -> None:
    formulas = {
        "times": "household.x * round_to(household.y, 0.1)",
        "up": "household.x * round_up_to(household.y, 0.1)",
        "tens": "round_to(household.y, 10) / 3 + household.x",
        "again": "round_to(round_to(household.y, 0.01) * 2500, 100) * 12 + household.x",
        "least_of": "least(round_up_to(household.y, 50), household.x / 7) * household.x",
        "share": "round_to(household.y * 2500, 0.1) / 7",
    }
    with localcontext(prec=60):
        tenth = Decimal(y).quantize(Decimal("0.1"), ROUND_HALF_UP)
        assert table(formulas, [household({"x": x, "y": y}), household({"x": "1", "y": "2"})])[0]["times"] == (
            Decimal(x) * tenth
        )


def test_nothing_is_rounded_unless_a_rule_says_so() -> None:
    formula = "household.x * household.y - household.z"
    assert value(formula, household({"x": "631.3333333333", "y": "3", "z": "1894"})) == Decimal("-0.0000000001")


def test_months_and_years_are_converted_by_twelve_only_when_asked() -> None:
    case = household({"per_year": "1000.00", "per_month": "83.33"})
    assert value("monthly(household.per_year)", case, unit="yuan/month") == Decimal("83.3333333333")
    assert value("yearly(household.per_month)", case, unit="yuan/year") == Decimal("999.96")


def test_a_float_in_a_case_is_refused() -> None:
    with pytest.raises(CaseError, match=r"household\.x"):
        read_case(household({"x": 0.1}), rulebook_of({}))


def test_a_quotient_too_wide_for_64_bits_is_unknown_by_an_unknown_divisor() -> None:
    cases = [household({"per_month": "200000000"}, {"f": f}) for f in (None, True)]
    got = table({"share": "household.per_month / (1 + count(where person.f))"}, cases, units={"share": "yuan/month"})
    assert [row["share"] for row in got] == [None, 100_000_000]


def test_figures_of_a_rule_too_wide_for_64_bits_do_not_stop_a_run() -> None:
    assert holds("3000000000 * 2000000000 > household.x", household({"x": "5"})) is True
    assert holds("1000000000 * 4000000000 - 4 * 1000000000000000000 = household.x", household({"x": "0"})) is True


HUGE = rule("number", "household.x * household.x * household.x * household.x")


def test_overflow_is_an_error_of_the_case() -> None:
    book = rulebook_of({"household.out": HUGE})
    case = read_case(household({"x": "99999999999"}), book)
    with pytest.raises(EngineError) as caught:
        Program(book, AS_OF).value(case.household, "out")
    assert caught.value.code == "run.overflow" and caught.value.context["name"] == "household.out"


def test_overflow_is_an_error_of_its_row_and_never_of_the_run(tmp_path: Path) -> None:
    book = rulebook_of({"household.out": HUGE})
    cases = [household({"x": x}) for x in ("1", "99999999999", "2", "3")]
    for number, case in enumerate(cases):
        case["household"]["id"] = f"h{number}"
    write_snapshot(tmp_path / "in", book, cases)
    result = screen(book, tmp_path / "in", tmp_path / "out", as_of=AS_OF, outputs=["out"], threads=1)
    rows = read_results(tmp_path / "out")
    assert [rows[f"h{n}"].get("out") for n in range(4)] == [1, None, 16, 81]
    assert [rows[f"h{n}"]["error"] for n in range(4)] == [None, "overflow", None, None]
    assert result.errors == 1
