"""Every example of the shipped law comes out as written beside it, and together they see every rule both ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from doudi.engine.examples import NATION, Coverage, Example, differences, proposal_of, read_examples
from doudi.engine.policy import load

ROOT = Path(__file__).resolve().parents[2] / "policy"
EXAMPLES = read_examples(ROOT)


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{e.programme}: {e.name}" for e in EXAMPLES])
def test_an_example_comes_out_as_expected(example: Example) -> None:
    _, proposal = proposal_of(ROOT, example)
    assert differences(example, proposal) == []


def test_no_two_examples_of_a_programme_have_one_name() -> None:
    names = [(e.programme, e.name) for e in EXAMPLES]
    assert len(names) == len(set(names))


def test_the_examples_see_every_rule_and_every_yes_and_no() -> None:
    coverage = Coverage()
    for example in EXAMPLES:
        coverage.add(*proposal_of(ROOT, example))
    assert set(coverage.counts) == {NATION, *(code for code, layer in load(ROOT).places.items() if layer.rules)}
    assert list(coverage.unseen()) == []
