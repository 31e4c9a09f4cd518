"""Every example of the shipped law comes out as written beside it, and together they see every rule both ways."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from doudi.engine.examples import NATION, Coverage, differences, proposal_of, read_examples
from doudi.engine.policy import load
from doudi.engine.proposal import Proposal
from doudi.engine.rulebook import Rulebook

ROOT = Path(__file__).resolve().parents[2] / "policy"
EXAMPLES = read_examples(ROOT)


@cache
def worked_out(number: int) -> tuple[Rulebook, Proposal]:
    """Each example once, for its result and for what it sees."""
    return proposal_of(ROOT, EXAMPLES[number])


@pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=[f"{e.programme}: {e.name}" for e in EXAMPLES])
def test_an_example_comes_out_as_expected(number: int) -> None:
    rulebook, proposal = worked_out(number)
    assert differences(EXAMPLES[number], proposal, rulebook) == []


def test_no_two_examples_of_a_programme_have_one_name() -> None:
    names = [(e.programme, e.name) for e in EXAMPLES]
    assert len(names) == len(set(names))


def test_the_examples_see_every_rule_and_every_yes_and_no() -> None:
    coverage = Coverage()
    for number in range(len(EXAMPLES)):
        coverage.add(*worked_out(number))
    assert set(coverage.counts) == {NATION, *(code for code, layer in load(ROOT).places.items() if layer.rules)}
    assert list(coverage.unseen()) == []
