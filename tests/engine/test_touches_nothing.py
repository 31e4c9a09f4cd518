"""Working out a case reads no file and speaks to nobody; the code made for it holds no text of a rule."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from doudi.engine.case import read_case
from doudi.engine.errors import EngineError
from doudi.engine.policy import load
from doudi.engine.python import Program
from doudi.engine.rulebook import Rulebook, resolve
from doudi.engine.run import decide
from tests.engine.all_functions import every_function
from tests.engine.hostile.watched import OUTWARD, watched
from tests.engine.population import Population
from tests.engine.small import AS_OF, chain_of, fact, household, programme, rule, rulebook_of, said

SHIPPED = Path(__file__).resolve().parents[2] / "policy"
DAY = date(2026, 7, 10)
EVIL = "x'); import os; os.system('id'); DROP TABLE result; --"


def work_out(rulebook: Rulebook, program: Program, case: dict[str, Any]) -> None:
    """Every quantity of a household and its persons."""
    subject = read_case(case, rulebook).household
    for quantity in rulebook.quantities.values():
        owners = [subject] if quantity.entity == "household" else subject.persons
        for owner in owners if quantity.entity in ("household", "person") else []:
            try:
                program.value(owner, quantity.name)
            except EngineError:
                continue


@pytest.mark.parametrize("rules", ["shipped", "every function"])
def test_working_out_touches_nothing(rules: str) -> None:
    rulebook = resolve(load(SHIPPED), "990101") if rules == "shipped" else every_function()
    population, program = Population(rulebook, DAY, 11), Program(rulebook, DAY)
    for number in range(40):
        work_out(rulebook, program, population.case(number))
    with watched() as events:
        for number in range(40, 80):
            work_out(rulebook, program, population.case(number))
    assert {event for event, _ in events if event in OUTWARD or event == "open"} - {"compile", "code.__new__"} == set()
    assert all(is_ours(source) for event, source in events if event == "compile"), "a branch not taken before"


def test_a_decision_with_all_its_reasons_touches_nothing() -> None:
    rulebook = resolve(load(SHIPPED), "990101")
    population = Population(rulebook, DAY, 12)
    for number in range(20):
        decided(rulebook, population.case(number))
    with watched() as events:
        for number in range(20, 40):
            decided(rulebook, population.case(number))
    assert {event for event, _ in events if event in OUTWARD or event == "open"} - {"compile", "code.__new__"} == set()


def decided(rulebook: Rulebook, case: dict[str, Any]) -> None:
    try:
        decide(rulebook, read_case(case, rulebook), explain=True)
    except EngineError:
        return


def is_ours(source: Any) -> bool:
    """Code of one function without imports, and without attributes that are Python's own."""
    tree = ast.parse(source)
    kinds = {type(node) for node in ast.walk(tree)}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return (
        not kinds & {ast.Import, ast.ImportFrom, ast.Global, ast.Lambda, ast.Await, ast.With}
        and not any(name.startswith("_") for name in attributes | names)
        and not names & {"eval", "exec", "open", "compile", "getattr", "setattr", "globals", "vars", "input"}
        and all(word.replace(".", "").replace("_", "").isalnum() and word.isascii() for word in words)
    )


def test_code_made_for_rules_is_ours_and_holds_no_text_of_them() -> None:
    evil = {"zh": EVIL, "en": EVIL}
    facts = {"household.label": {**fact("code", codes={EVIL: said("坏"), "good": said("好")}), "label": evil}}
    rules = {
        "household.out": {**rule("boolean", f'household.label = "{EVIL}"'), "label": evil, "yes": evil, "no": evil},
        "household.many": rule("boolean", f'household.label in ("{EVIL}", "good")'),
    }
    rulebook = rulebook_of(
        rules,
        facts=facts,
        programmes={"one": programme("household.out", label=evil, authority=evil)},
        chains={"c": chain_of("one", label=evil)},
    )
    case = household({"label": EVIL})
    with watched() as events:
        work_out(rulebook, Program(rulebook, AS_OF), case)
        proposal = decide(rulebook, read_case(case, rulebook), chain="c")
    made = [str(source) for event, source in events if event == "compile"]
    assert made and not [source for source in made if "DROP" in source or not is_ours(source)]
    assert proposal.outcome == "eligible"


def test_code_made_for_the_shipped_rules_and_for_every_function_is_ours() -> None:
    for rulebook in (resolve(load(SHIPPED), "990101"), every_function()):
        with watched() as events:
            program, population = Program(rulebook, DAY), Population(rulebook, DAY, 13)
            for number in range(10):
                work_out(rulebook, program, population.case(number))
        assert not [source for event, source in events if event == "compile" and not is_ours(source)]
