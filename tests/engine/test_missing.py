"""What is missing: minimal by inclusion, in rule order, with the person it is missing of and why."""

from __future__ import annotations

from itertools import combinations, product
from random import Random

import pytest

from doudi.engine.case import read_case
from doudi.engine.missing import Missing, Seeker
from doudi.engine.python import Program
from tests.engine.small import AS_OF, fact, household, rule, rulebook_of

NAMES = ["u", "q", "r", "s"]
EXTRA = {"household.s": fact("boolean")}


def missing(formula: str, case: dict, **more: object) -> tuple[Missing, ...]:
    book = rulebook_of({"household.out": rule("boolean", formula)}, facts=EXTRA, **more)
    subject = read_case(case, book).household
    return Seeker(book, Program(book, AS_OF)).of("out", subject)


def facts(formula: str, case: dict) -> list[str]:
    return [m.fact.removeprefix("household.") for m in missing(formula, case)]


@pytest.mark.parametrize(
    ("formula", "known", "asked"),
    [
        ("household.u and household.q", {}, ["u", "q"]),
        ("household.u and household.q", {"u": False}, []),
        ("household.u and household.q", {"u": True}, ["q"]),
        ("household.u or household.q", {"q": True}, []),
        ("household.q and household.u", {}, ["q", "u"]),
        ("household.u or (household.u and household.q)", {}, ["u"]),
        ("case when household.u then household.q else household.r end", {}, ["u", "q", "r"]),
        ("case when household.u then household.q else household.r end", {"u": True}, ["q"]),
        ("case when household.u then household.q else household.r end", {"u": False}, ["r"]),
        ("case when household.u then true else household.r end", {"r": True}, ["u"]),
        ("coalesce(household.u, true) and household.q", {}, ["q"]),
        ("coalesce(household.u, false) and household.q", {}, []),
        ("household.x > 3 and household.u", {"u": False}, []),
        ("household.x > 3 and household.u", {}, ["x", "u"]),
        ("not household.u", {}, ["u"]),
    ],
)
def test_what_is_missing_is_asked_in_the_order_of_the_rule(
    formula: str, known: dict[str, bool], asked: list[str]
) -> None:
    assert facts(formula, household(known)) == asked


def formula_of(random: Random, depth: int) -> str:
    if depth == 0 or random.random() < 0.2:
        return f"household.{random.choice(NAMES)}"
    kind = random.choice(["and", "or", "not", "case"])
    one, two = formula_of(random, depth - 1), formula_of(random, depth - 1)
    if kind == "not":
        return f"not ({one})"
    if kind == "case":
        return f"(case when {one} then {two} else {formula_of(random, depth - 1)} end)"
    return f"({one} {kind} {two})"


@pytest.mark.parametrize("seed", range(60))
def test_by_brute_force_it_is_enough_for_every_answer_and_nothing_in_it_can_be_spared(seed: int) -> None:
    random = Random(seed)
    formula = formula_of(random, 3)
    book = rulebook_of({"household.out": rule("boolean", formula)}, facts=EXTRA)
    program = Program(book, AS_OF)
    known = {name: random.choice([True, False]) for name in NAMES if random.random() < 0.3}

    def enough(names: tuple[str, ...]) -> bool:
        every = product([True, False], repeat=len(names))
        answers = [{**known, **dict(zip(names, values, strict=True))} for values in every]
        return all(program.value(read_case(household(a), book).household, "out") is not None for a in answers)

    if enough(()):
        return
    asked = tuple(facts(formula, household(known)))
    assert enough(asked), (formula, known, asked)
    for fewer in combinations(asked, len(asked) - 1):
        assert not enough(fewer), (formula, known, asked, fewer)


def test_it_names_the_person_and_why() -> None:
    case = household({}, {"id": "a", "f": True, "g": None}, {"id": "b", "f": True, "g": {"unknown": "not_permitted"}})
    found = missing("all(person.g where person.f)", case)
    assert [(m.fact, m.person, m.reason) for m in found] == [
        ("person.g", "a", "not_answered"),
        ("person.g", "b", "not_permitted"),
    ]


def test_of_an_unknown_sum_only_the_unknown_parts_of_those_who_count_are_missing() -> None:
    people = ({"id": "a", "f": True, "a": 1}, {"id": "b", "f": False}, {"id": "c", "f": True}, {"id": "d", "a": 1})
    found = missing("sum(person.a where person.f) > 3", household({}, *people))
    assert [(m.fact, m.person) for m in found] == [("person.a", "c"), ("person.f", "d")]


def test_rows_nobody_answered_about_are_missing_as_a_whole() -> None:
    people = ({"id": "a", "rows": {"row": "not_permitted"}}, {"id": "b"})
    found = missing("exists(row where row.ok)", household({}, *people))
    assert [(m.fact, m.person, m.reason) for m in found] == [("person.row", "a", "not_permitted")]


def test_asking_leaves_the_case_as_it_was() -> None:
    book = rulebook_of({"household.out": rule("boolean", "household.u or (household.u and household.q)")})
    subject = read_case(household({"u": None}), book).household
    before = dict(subject.facts)
    program = Program(book, AS_OF)
    Seeker(book, program).of("out", subject)
    assert subject.facts == before and program.value(subject, "out") is None
