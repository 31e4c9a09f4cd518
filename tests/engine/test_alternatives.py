"""What fits a household: the chain's way with its reasons, packages opened, every other programme; and as a command."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from doudi.engine.alternatives import Alternatives, alternatives
from doudi.engine.alternatives_told import alternatives_lines
from doudi.engine.case import read_case
from doudi.engine.errors import Where
from doudi.engine.rulebook import Rulebook
from doudi.engine.vocabulary import Basis, PackageDefinition
from doudi.site.cli import build
from tests.engine.small import BASIS, chain_of, household, programme, rule, rulebook_of, said
from tests.engine.test_cliff import FAMILY

RULES: dict[str, Any] = {
    "household.is_poor": rule("boolean", "household.x < 100"),
    "household.is_near": rule("boolean", "household.x < 150"),
    "person.is_known": rule("boolean", "person.f and not person.g"),
    "household.grant": rule("money", "50", unit="yuan/month"),
    "household.gift": rule("money", "case when household.y > 10 then 30 else 5 end", unit="yuan"),
}
PROGRAMMES = {
    "basic": programme("household.is_poor and household.q", amount="household.grant", recognition="no"),
    "edge": programme("household.is_near"),
    "gift": programme("household.is_near", amount="household.gift", recognition="no"),
    "personal": programme("person.is_known", unit="person"),
    "other": programme("household.r"),
}


def rulebook() -> Rulebook:
    made = rulebook_of(RULES, programmes=PROGRAMMES, chains={"basic_living": chain_of("basic", "edge")})
    opened = PackageDefinition(
        "near", said("边缘救助包"), ("edge",), ("gift", "personal"), (Basis("法"),), Where("packages/near.yaml", 1, 1)
    )
    return replace(made, packages={"near": opened}, hash=made.hash + "+package")


def found(facts: dict[str, Any], *persons: dict[str, Any]) -> Alternatives:
    made = rulebook()
    return alternatives(made, read_case(household(facts, *persons), made))


def test_the_chains_way_says_why_the_first_ones_did_not_fit() -> None:
    basic, edge = found({"x": "120", "q": False}, {"f": True, "g": False}).chain
    assert (basic.outcome, [why.name for why in basic.why]) == ("not_eligible", ["household.is_poor"])
    assert basic.why[0].sentence == said("否") and basic.why[0].basis[0].article == "第一条"
    assert (edge.outcome, edge.why) == ("eligible", ())


def test_a_recognition_opens_its_package_and_a_closed_one_is_left_out() -> None:
    one = found({"x": "120", "q": True, "y": "30"}, {"f": True, "g": True})
    (package,) = one.packages
    assert package.is_open is True and package.opened_by == ("edge",)
    gift, personal = package.offers
    assert (gift.outcome, str(gift.amount), gift.period) == ("eligible", "30", "once")
    assert (personal.outcome, personal.why[0].person) == ("not_eligible", "p0")
    assert [offer.programme for offer in one.fitting()] == ["edge", "gift"]
    assert found({"x": "500", "q": True}, {"f": True, "g": True}).packages == ()


def test_what_is_missing_is_named_and_an_unsure_recognition_may_open_a_package() -> None:
    one = found({"x": None, "q": True, "y": "30", "r": None}, {"f": True, "g": False})
    (package,) = one.packages
    assert package.is_open is None and package.opened_by == ()
    assert [m.fact for m in one.chain[0].missing] == ["household.x"]
    (other,) = one.others
    assert (other.programme, other.outcome, other.missing[0].fact) == ("other", "undetermined", "household.r")


def test_it_is_told_in_both_languages() -> None:
    one = found({"x": "120", "q": True, "y": "30"}, {"f": True, "g": True})
    zh, en = ("\n".join(alternatives_lines(one, lang)) for lang in ("zh", "en"))
    assert "项目。：符合；30.00 元（一次）" in zh and "fits; 30.00 yuan, once" in en
    assert "does not fit" in en and "不符合" in zh


def test_the_command_shows_it_beside_the_proposal(tmp_path: Path) -> None:
    path = tmp_path / "CASE.json"
    path.write_text(json.dumps(FAMILY, ensure_ascii=False), encoding="utf-8")
    data = json.loads(run("decide", str(path), "--alternatives", "--json").stdout)
    outcomes = {offer["programme"]: offer["outcome"] for offer in data["alternatives"]["chain"]}
    assert outcomes["dibao"] == "eligible" and outcomes["tekun"] == "not_eligible"
    assert "其他项目" in run("decide", str(path), "--alternatives").stdout
    assert run("decide", "--alternatives").exit_code == 2


def run(*arguments: str) -> Any:
    return CliRunner().invoke(build(), list(arguments))


def test_what_needs_a_figure_that_is_set_nowhere_is_no_reason_and_hides_none() -> None:
    later = {"area": "nation", "from": "2030-01-01", "value": "5", "basis": BASIS[0]}
    limit = {"type": "number", "label": said("限额"), "set_by": ["nation"], "values": [later]}
    rules = {
        "household.is_small": rule("boolean", "household.x < limit"),
        "household.is_near": rule("boolean", "household.y < 10"),
    }
    programmes = {
        "basic": programme("household.q"),
        "help": programme("household.is_near and household.is_small"),
        "only": programme("household.is_small"),
    }
    chains = {"basic_living": chain_of("basic")}
    made = rulebook_of(rules, parameters={"limit": limit}, programmes=programmes, chains=chains)
    helped, only = alternatives(made, read_case(household({"x": "1", "y": "20", "q": True}), made)).others
    assert (helped.outcome, [why.name for why in helped.why]) == ("not_eligible", ["household.is_near"])
    assert (only.outcome, only.why) == ("gap", ())
