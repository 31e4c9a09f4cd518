"""`and or not`, comparison, case, coalesce, least and greatest: unknown is neither true nor false."""

from __future__ import annotations

from itertools import product

import pytest

from tests.engine.small import holds, household, rule, rulebook_of, value, worked_out

T, F, U = True, False, None
TRUTHS = [T, F, U]


def kleene_and(*values: bool | None) -> bool | None:
    return F if F in values else U if U in values else T


def kleene_or(*values: bool | None) -> bool | None:
    return T if T in values else U if U in values else F


def test_and_or_not_are_those_of_kleene_for_every_combination() -> None:
    book = rulebook_of(
        {
            "household.both": rule("boolean", "household.u and household.q and household.r"),
            "household.either": rule("boolean", "household.u or household.q or household.r"),
            "household.neither": rule("boolean", "not (household.u or household.q)"),
            "household.mixed": rule("boolean", "household.u and household.q or household.r"),
            "household.inverted": rule("boolean", "not household.u"),
        }
    )
    combinations = list(product(TRUTHS, repeat=3))
    found = worked_out(book, [household({"u": p, "q": q, "r": r}) for p, q, r in combinations])
    for (p, q, r), got in zip(combinations, found, strict=True):
        inverted = None if p is None else not p
        one = kleene_or(p, q)
        assert got == {
            "both": kleene_and(p, q, r),
            "either": kleene_or(p, q, r),
            "neither": None if one is None else not one,
            "mixed": kleene_or(kleene_and(p, q), r),
            "inverted": inverted,
        }


@pytest.mark.parametrize("op", ["=", "!=", "<", "<=", ">", ">="])
def test_a_comparison_with_an_unknown_side_is_unknown(op: str) -> None:
    assert holds(f"household.x {op} household.y", household({"x": "1", "y": None})) is None
    assert holds(f"household.x {op} 3", household({"x": None})) is None
    assert holds(f"household.x {op} household.y", household({"x": "1", "y": "2"})) is (op in ("!=", "<", "<="))


@pytest.mark.parametrize("op", ["+", "-", "*"])
def test_arithmetic_with_an_unknown_side_is_unknown(op: str) -> None:
    assert value(f"household.x {op} household.y", household({"x": None, "y": "0"})) is None
    assert value(f"household.x {op} household.y", household({"x": "0", "y": None})) is None


def test_a_case_takes_the_first_true_condition_in_order() -> None:
    formula = "case when household.u then 1 when household.q then 2 else 3 end"
    for p, q in product(TRUTHS, repeat=2):
        expected = 1 if p else None if p is None else 2 if q else None if q is None else 3
        assert value(formula, household({"u": p, "q": q})) == expected


def test_a_case_does_not_look_past_its_true_condition_at_an_unknown_one() -> None:
    assert value("case when household.u then 1 when household.q then 2 else 3 end", household({"u": T, "q": U})) == 1


def test_a_case_is_unknown_where_its_chosen_value_is() -> None:
    formula = "case when household.u then household.x else 1 end"
    assert value(formula, household({"u": T, "x": None})) is None
    assert value(formula, household({"u": F, "x": None})) == 1


def test_coalesce_is_the_only_thing_that_makes_unknown_known() -> None:
    assert value("coalesce(household.x, 7)", household({"x": None})) == 7
    assert value("coalesce(household.x, 7)", household({"x": "2"})) == 2
    assert value("coalesce(household.x, household.y)", household({"x": None, "y": None})) is None
    assert holds("coalesce(household.u, false)", household({"u": None})) is False


@pytest.mark.parametrize(("name", "expected"), [("least", 1), ("greatest", 3)])
def test_least_and_greatest_are_unknown_if_any_is(name: str, expected: int) -> None:
    formula = f"{name}(household.x, household.y, household.z)"
    assert value(formula, household({"x": "2", "y": "1", "z": "3"})) == expected
    assert value(formula, household({"x": "2", "y": None, "z": "3"})) is None


def test_in_a_list_is_unknown_for_an_unknown_code() -> None:
    assert holds("household.colour in (红, 绿)", household({"colour": None})) is None
    assert holds("household.colour in (红, 绿)", household({"colour": "绿"})) is True
    assert holds("household.colour in (红, 绿)", household({"colour": "蓝"})) is False
    assert holds("household.colour not in (红, 绿)", household({"colour": "蓝"})) is True
    assert holds("household.colour != 红", household({"colour": None})) is None


def test_a_fact_left_out_is_as_unknown_as_one_said_to_be() -> None:
    assert holds("household.u") is None
    assert value("household.x + 1") is None
