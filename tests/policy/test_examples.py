"""Every example of the shipped law comes out as written beside it, and together they see every rule both ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from doudi.engine.case import read_case
from doudi.engine.policy import load
from doudi.engine.proposal import Proposal
from doudi.engine.rulebook import Rulebook, resolve
from doudi.engine.run import decide
from doudi.engine.strict_yaml import read

ROOT = Path(__file__).resolve().parents[2] / "policy"
WORDS = {"yes": True, "true": True, "no": False, "false": False}


def examples() -> list[tuple[str, dict[str, object]]]:
    found = []
    for path in sorted((ROOT / "programmes").glob("*/examples.yaml")):
        content = plain(read(path))
        assert isinstance(content, dict)
        found += [(f"{path.parent.name}: {example['name']}", example) for example in content["examples"]]
    return found


def plain(value: object) -> object:
    """JSON as a case has it; every scalar of strict YAML is text."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return WORDS.get(str(value), str(value))


def proposal_of(example: dict[str, object]) -> tuple[Rulebook, Proposal]:
    rulebook = resolve(load(ROOT), str(example["place"]))
    case = {key: example[key] for key in ("as_of", "place", "household", "persons")}
    return rulebook, decide(rulebook, read_case(case, rulebook), explain=False)


def found(proposal: Proposal, name: str) -> object:
    if name in ("outcome", "programme", "pending", "amount"):
        return getattr(proposal, name)
    if name == "missing":
        return [m.requirement.rpartition("__")[2] if m.requirement else m.fact for m in proposal.missing]
    return proposal.values[name, proposal.household]


EXAMPLES = examples()


@pytest.mark.parametrize("example", [example for _, example in EXAMPLES], ids=[name for name, _ in EXAMPLES])
def test_an_example_comes_out_as_expected(example: dict[str, object]) -> None:
    _, proposal = proposal_of(example)
    expected = example["expect"]
    assert isinstance(expected, dict)
    for name, value in expected.items():
        got = found(proposal, name)
        assert got == (Decimal(str(value)) if isinstance(got, (int, Decimal)) else value), name


def test_the_examples_see_every_rule_and_every_yes_and_no() -> None:
    seen: dict[tuple[str, str], set[object]] = defaultdict(set)
    wanted: dict[tuple[str, str], set[object]] = {}
    for _, example in EXAMPLES:
        rulebook, proposal = proposal_of(example)
        for (name, _subject), value in proposal.values.items():
            seen[rulebook.place, name].add(value if isinstance(value, bool) or value is None else "value")
        for quantity in rulebook.quantities.values():
            if quantity.origin == "rule" and quantity.entity in ("household", "person"):
                both = quantity.kind.base == "boolean"
                wanted[rulebook.place, quantity.qualified] = {True, False} if both else {"value"}
    assert {place for place, _ in wanted} == {"50", "990101"}
    assert {key: values - seen[key] for key, values in wanted.items() if values - seen[key]} == {}
