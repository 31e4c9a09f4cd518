"""Packages of programmes, choices that programmes list, programmes outside the chain in examples."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doudi.engine.errors import PolicyErrors
from doudi.engine.examples import differences, proposal_of, read_examples
from doudi.engine.policy import load
from doudi.engine.rulebook import Rulebook, resolve
from tests.engine.small import BASIS, PLACE, fact, programme, said, write, write_policy

CHOICE = {"household.discretion_degree": fact("code", "discretion", codes={"轻": said("轻"), "重": said("重")})}
CHAIN = {"basic_living": {"label": said("依次"), "programmes": ["one"], "basis": BASIS}}


def package(*programmes: str, when: tuple[str, ...] = ("one",)) -> dict[str, object]:
    return {"label": said("套餐"), "when": list(when), "programmes": list(programmes), "basis": BASIS}


def folder(tmp_path: Path, packages: dict[str, object], **two: object) -> Path:
    programmes = {
        "one": programme("household.u"),
        "two": programme("household.q", amount="household.per_month", recognition="no", **two),
    }
    root = write_policy(tmp_path, {}, facts=CHOICE, programmes=programmes, chains=CHAIN)
    for name, content in packages.items():
        write(root, f"packages/{name}.yaml", {"name": name, **content})  # type: ignore[dict-item]
    return root


def book(root: Path) -> Rulebook:
    return resolve(load(root), PLACE)


def test_a_package_names_what_opens_it_and_its_programmes_in_order(tmp_path: Path) -> None:
    found = book(folder(tmp_path, {"living": package("two", "one")})).packages["living"]
    assert (found.when, found.programmes) == (("one",), ("two", "one"))


def test_a_place_replaces_a_package(tmp_path: Path) -> None:
    root = folder(tmp_path, {"living": package("two")})
    write(root, f"places/{PLACE}/packages.yaml", {"packages": {"living": package("one", when=("two",))}})
    assert book(root).packages["living"].programmes == ("one",)


@pytest.mark.parametrize(
    ("packages", "two", "code", "suggestion"),
    [
        ({"living": package("ones")}, {}, "policy.programme_unknown", "one"),
        ({"living": package("one", when=("tow",))}, {}, "policy.programme_unknown", "two"),
        ({}, {"discretion": ["household.discretion_degre"]}, "policy.choice_unknown", "household.discretion_degree"),
    ],
)
def test_a_name_nobody_knows_is_refused_with_a_suggestion(
    tmp_path: Path, packages: dict[str, object], two: dict[str, object], code: str, suggestion: str
) -> None:
    with pytest.raises(PolicyErrors) as caught:
        book(folder(tmp_path, packages, **two))
    assert [(e.code, e.suggestion) for e in caught.value.errors] == [(code, suggestion)]


def test_a_programme_lists_its_choices(tmp_path: Path) -> None:
    root = folder(tmp_path, {}, discretion=["household.discretion_degree"])
    assert book(root).programmes["two"].discretion == ("household.discretion_degree",)


@pytest.mark.parametrize(
    "facts",
    [
        {"household.discretion_degree": fact("money", "discretion")},
        {"household.degree": fact("boolean", "discretion")},
        {"household.discretion_degree": fact("boolean")},
    ],
)
def test_a_choice_is_among_codes_and_named_as_one(tmp_path: Path, facts: dict[str, object]) -> None:
    with pytest.raises(PolicyErrors) as caught:
        load(write_policy(tmp_path, {}, facts=facts))
    assert caught.value.errors[0].code in ("policy.choice_without_codes", "policy.choice_misnamed")


def test_an_example_may_expect_programmes_outside_the_chain_and_share_what_is_usual(tmp_path: Path) -> None:
    root = folder(tmp_path, {})
    usual = {"as_of": "2026-07-10", "place": PLACE, "household": {"area": "990101001", "u": "no", "q": "yes"}}
    example = {
        "name": "二",
        "household": {"per_month": "12.50"},
        "persons": [{"id": "a"}],
        "expect": {"outcome": "not_eligible", "programmes": {"two": {"outcome": "eligible", "amount": "13"}}},
    }
    (root / "programmes/two/examples.yaml").write_text(json.dumps({"usual": usual, "examples": [example]}))
    found = read_examples(root)[0]
    assert found.case["household"] == {"area": "990101001", "u": False, "q": True, "per_month": "12.50"}
    rulebook, proposal = proposal_of(root, found)
    assert [(d.name, str(d.found)) for d in differences(found, proposal, rulebook)] == [("two.amount", "12.50")]
