"""One family in 重庆, 广州, 上海 and 浙江: the same facts, decided otherwise by the data of the places alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from doudi.engine.examples import Example, proposal_of, read_examples

ROOT = Path(__file__).resolve().parents[2] / "policy"
FAMILY = "同一个家庭"
PLACES = ("31", "33", "4401", "50")


def the_family() -> dict[str, Example]:
    return {example.place: example for example in read_examples(ROOT) if example.name.startswith(FAMILY)}


def facts_of(example: Example) -> dict[str, Any]:
    household = {key: value for key, value in example.case["household"].items() if key != "area"}
    return {**example.case, "place": None, "household": household}


def test_the_family_is_the_same_in_all_four_places() -> None:
    family = the_family()
    assert sorted(family) == list(PLACES)
    assert all(facts_of(example) == facts_of(family["50"]) for example in family.values())


def test_the_places_decide_differently_by_their_data_alone() -> None:
    found = {place: proposal_of(ROOT, example)[1] for place, example in the_family().items()}
    results = {place: (one.programme, one.amount and f"{one.amount:.2f}") for place, one in found.items()}
    assert results == {
        "50": ("dibao_edge", None),
        "4401": ("dibao", "2338.60"),
        "31": ("dibao", "3544.50"),
        "33": ("dibao", "2900.00"),
    }
