"""What is missing among numbers, days, codes: enough whatever is answered; where limits decide, nothing to spare."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

import pytest

from doudi.engine.case import read_case
from doudi.engine.missing import Seeker
from doudi.engine.python import Program
from doudi.engine.rulebook import Rulebook
from doudi.engine.subject import Subject
from tests.engine.small import AS_OF, household, rule, rulebook_of

LIMITS = (0, 5, 10)
NUMBERS = [
    Decimal(n) for n in ("-1000000", "-0.01", "0", "0.01", "4.99", "5", "5.01", "9.99", "10", "10.01", "1000000")
]
ANSWERS: dict[str, list[Any]] = {
    "x": NUMBERS,
    "y": NUMBERS,
    "u": [True, False],
    "q": [True, False],
    "colour": ["红", "绿", "蓝"],
    "d": [date(2020, 1, 1), AS_OF, date(2030, 1, 1)],
}
SINGLE = ["household.u", "household.q", "household.colour = 红", "household.colour in (绿, 蓝)"]
SINGLE += [f"household.{name} {op} {limit}" for name in "xy" for op in ("<", ">=", "=") for limit in LIMITS]
JOINED = [
    "household.x + household.y > 10",
    "household.x * 2 <= household.y",
    "least(household.x, household.y) < 5",
    "greatest(household.x, 0) / 2 >= household.y - 1",
    "round_to(household.x, 1) = 5",
    "household.d <= as_of",
    "coalesce(household.x, 0) > 5",
    "case when household.u then household.x else household.y end < 5",
    "any(person.n >= household.x where person.f)",
    "sum(person.n where person.f) >= household.y",
    "known_exceeds(sum(person.n where person.f), 10)",
    "count(where person.n > 3) = 2",
]


def formula(random: Random, leaves: list[str], depth: int = 3) -> str:
    if depth == 0 or random.random() < 0.2:
        return random.choice(leaves)
    parts = [formula(random, leaves, depth - 1) for _ in range(3)]
    shape = random.choice(["({0}) and ({1})", "({0}) or ({1})", "not ({0})", "case when {0} then {1} else {2} end"])
    return shape.format(*parts)


def formulas(leaves: list[str], seed: int, count: int = 60) -> dict[str, str]:
    random = Random(seed)
    return {f"out{n}": formula(random, leaves) for n in range(count)}


def book(made: dict[str, str]) -> Rulebook:
    return rulebook_of({f"household.{name}": rule("boolean", text) for name, text in made.items()})


def a_case(random: Random) -> dict[str, Any]:
    facts = {name: random.choice(answers) for name, answers in ANSWERS.items() if random.random() < 0.35}
    first = {"n": random.choice([None, Decimal(4), Decimal(20)]), "f": random.choice([None, True, False])}
    return household(facts, first, {"n": Decimal(3), "f": True})


def answered(program: Program, case: dict[str, Any], names: list[str], rulebook: Rulebook) -> Iterator[Subject]:
    """The family with every combination of answers to household facts; persons' facts as they are."""
    for chosen in product(*(ANSWERS[name] for name in names)):
        subject = read_case(case, rulebook).household
        subject.facts.update(zip(names, chosen, strict=True))
        yield subject


def sets(leaves: list[str], seed: int) -> Iterator[tuple[Program, Rulebook, str, dict[str, Any], list[str]]]:
    """What is missing of random rules for random families, where only facts of the household are."""
    made, random = formulas(leaves, seed), Random(seed + 1)
    rulebook = book(made)
    program = Program(rulebook, AS_OF)
    for name in made:
        case = a_case(random)
        subject = read_case(case, rulebook).household
        if program.value(subject, name) is None:
            found = Seeker(rulebook, program).of(name, subject)
            assert found, made[name]
            if all(item.person is None for item in found) and len(found) < 4:
                yield program, rulebook, name, case, [item.fact.partition(".")[2] for item in found]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_asked_is_enough_whatever_is_answered(seed: int) -> None:
    tried = 0
    for program, rulebook, name, case, names in sets(SINGLE + JOINED, seed):
        tried += 1
        for subject in answered(program, case, names, rulebook):
            assert program.value(subject, name) is not None, (rulebook.quantities[f"household.{name}"].text, names)
    assert tried > 5


@pytest.mark.parametrize("seed", range(4))
def test_where_limits_decide_nothing_that_is_asked_can_be_spared(seed: int) -> None:
    for program, rulebook, name, case, names in sets(SINGLE, seed + 100):
        for spared in names:
            rest = [other for other in names if other != spared]
            without = answered(program, case, rest, rulebook)
            text = rulebook.quantities[f"household.{name}"].text
            assert any(program.value(subject, name) is None for subject in without), (text, names, spared)


def test_a_number_that_cannot_matter_is_not_asked() -> None:
    def asked(text: str, **facts: Any) -> list[str]:
        made = rulebook_of({"household.out": rule("boolean", text)})
        subject = read_case(household(facts), made).household
        return [item.fact for item in Seeker(made, Program(made, AS_OF)).of("out", subject)]

    both = "household.u and household.x < 5 or household.u and household.x >= 5"
    assert asked(both) == ["household.u", "household.x"]
    assert asked("household.u and (household.q or not household.q) or household.x < 5 and household.u") != []
    late = "case when household.x < 5 then household.x < 10 else household.x >= 5 and household.y < 5 end"
    assert asked(late) == ["household.x", "household.y"]
    never = "household.x >= 0 and household.x < 0 and household.y > 3 or household.x = 1"
    assert asked(never) == ["household.x"]
