"""Generated Python: no text of a rule is in it, deep formulas are taken apart, one code serves every day."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import CodeType

import pytest

from doudi.engine.case import read_case
from doudi.engine.explain import Explainer
from doudi.engine.policy import load
from doudi.engine.python import Program
from doudi.engine.python_code import source_of
from doudi.engine.rulebook import Rulebook, resolve
from doudi.engine.tree import Kind
from doudi.engine.words import shown
from doudi.engine.working_code import telling_source
from tests.engine.all_functions import every_function
from tests.engine.small import fact, holds, household, rule, rulebook_of, said, value, worked_out

EVIL = "__import__('os').system('x') # '''"
SHIPPED = Path(__file__).resolve().parents[2] / "policy"


def strings(code: CodeType) -> set[str]:
    """Every text constant of a function."""
    return {part for part in code.co_consts if isinstance(part, str)}


@pytest.mark.parametrize("rulebook", [resolve(load(SHIPPED), "990101"), every_function()], ids=["shipped", "all"])
def test_every_text_in_the_functions_is_a_name_of_the_checked_vocabulary(rulebook: Rulebook) -> None:
    source = source_of(rulebook)
    names = {*rulebook.quantities, *rulebook.records, *(q.name for q in rulebook.quantities.values())}
    names |= {fact.name for fact in rulebook.facts.values()}
    names |= {column for record in rulebook.records.values() for column in record.columns}
    for quantity in rulebook.quantities.values():
        code = source.quantity(quantity.qualified)
        assert strings(code) <= names, quantity.qualified
        assert all(re.fullmatch(r"[a-zA-Z_]+|[a-z][0-9]+", name) for name in code.co_names), quantity.qualified
        assert not any(name.startswith("__") for name in code.co_names), quantity.qualified


@pytest.mark.parametrize("rulebook", [resolve(load(SHIPPED), "990101"), every_function()], ids=["shipped", "all"])
def test_every_text_in_what_tells_is_a_name_of_the_checked_vocabulary(rulebook: Rulebook) -> None:
    source = telling_source(rulebook, source_of(rulebook))
    names = {"zh", "en", "", *rulebook.records, *(q.name for q in rulebook.quantities.values())}
    names |= {fact.name for fact in rulebook.facts.values()}
    names |= {column for record in rulebook.records.values() for column in record.columns}
    for quantity in rulebook.quantities.values():
        codes = [source.said(quantity.formula, quantity.entity)]
        if quantity.entity in ("household", "person"):
            codes += [source.step(quantity.qualified), source.collect(quantity.qualified)]
        for code in codes:
            assert strings(code) <= names, quantity.qualified
            assert all(re.fullmatch(r"[a-zA-Z_]+|[a-z][0-9]+", name) for name in code.co_names), quantity.qualified
            assert not any(name.startswith("__") for name in code.co_names), quantity.qualified


def test_a_label_that_looks_like_python_is_a_label_and_nothing_else() -> None:
    odd = "{x}'" + EVIL
    facts = {"household.x": fact("number", label=said(odd)), "household.y": fact("boolean")}
    book = rulebook_of({"household.out": rule("boolean", "household.x > 10 and household.y")}, facts=facts)
    formula = book.quantities["household.out"].formula
    told = Explainer(book, Program(book, date(2026, 7, 10))).said(formula, "household")
    subject = read_case(household({"x": "12", "y": True}), book).household
    assert told(subject)[1] == f"{odd} 12 is above 10 and 事实 (yes)"
    assert strings(telling_source(book, source_of(book)).said(formula, "household")) <= {"x", "y"}


@pytest.mark.parametrize("value", [Decimal("-0.00"), Decimal("0.00")])
def test_zero_is_written_alike_whatever_its_sign(value: Decimal) -> None:
    assert shown(value, Kind("number", "yuan"), "zh") == "0.00"


def test_a_code_that_looks_like_python_is_a_code_and_nothing_else() -> None:
    facts = {"household.label": fact("code", codes={EVIL: said("坏"), "good": said("好")})}
    book = rulebook_of({"household.out": rule("boolean", f'household.label = "{EVIL}"')}, facts=facts)
    found = worked_out(book, [household({"label": EVIL}), household({"label": "good"})])
    assert found == [{"out": True}, {"out": False}]


def test_nothing_of_python_itself_can_be_reached() -> None:
    book = rulebook_of({"household.out": rule("number", "household.x")})
    made = Program(book, date(2026, 7, 10)).function("household", "out")
    assert set(made.__globals__["__builtins__"]) == {"len", "set", "min", "max"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("u", [True, False, None])
def test_deep_formulas_are_taken_apart_and_mean_the_same(u: bool | None) -> None:
    nested = "household.u"
    for number in range(14):
        nested = f"household.r and ({nested})" if number % 2 else f"household.q or ({nested})"
    assert holds(nested, household({"u": u, "q": False, "r": True})) is u
    assert holds(nested, household({"u": u, "q": True, "r": True})) is True
    assert holds(nested, household({"u": u, "q": None, "r": False})) is False


@pytest.mark.parametrize("x", range(0, 41, 8))
def test_a_case_of_many_branches_is_taken_apart(x: int) -> None:
    branches = " ".join(f"when household.x < {number + 1} then {number}" for number in range(40))
    assert value(f"case {branches} else 40 end", household({"x": str(x)})) == x


def test_one_code_serves_every_day_and_each_day_has_its_own_constants() -> None:
    book = rulebook_of({"household.out": rule("boolean", "household.d >= months_before(as_of, 12)")})
    case = household({"d": date(2025, 7, 10)})
    found = []
    for day in (date(2026, 7, 10), date(2026, 7, 11)):
        program = Program(book, day)
        subject = read_case({**case, "as_of": day.isoformat()}, book).household
        found.append(program.value(subject, "out"))
    assert found == [True, False]
    assert source_of(book) is source_of(book)
