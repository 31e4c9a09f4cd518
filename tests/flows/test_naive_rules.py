"""The county's rules three times: as its officers wrote the answers, naively in Python, and by the engine."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from doudi.twin.making import make
from doudi.twin.plan import Plan
from tests.flows.engine_case import rows_of
from tests.flows.naive_pack import from_deliveries, from_truth
from tests.flows.naive_rules import decide, find

COUNTY_PACK = Path(__file__).parents[2].parent / "shared" / "county-pack"
SEEDS = (2026, 30)


@pytest.fixture(scope="module", params=SEEDS)
def pack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(f"pack{request.param}")
    make(Plan(seed=request.param, households=900, pack=True), folder)
    return folder


def _expected(name: str) -> list[list[str]]:
    with (COUNTY_PACK / "expected" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def test_the_naive_rules_give_the_answers_of_the_county_pack() -> None:
    if not COUNTY_PACK.is_dir():
        pytest.skip("the county pack is not beside the repository")
    asked = from_deliveries(COUNTY_PACK)
    decisions = {one.number: decide(one) for one in asked}
    findings = {(row[0], row[2]): row for one in asked for row in find(one)}
    assert [row for row in _expected("decisions.csv") if decisions[row[0]] != row] == []
    assert [row for row in _expected("findings.csv") if findings[row[0], row[2]] != row] == []


def test_deliveries_read_naively_say_what_is_true(pack: Path) -> None:
    delivered = {one.number: one for one in from_deliveries(pack)}
    readable = [one for one in from_truth(pack / "truth") if delivered[one.number].head]
    assert [one.number for one in readable if find(delivered[one.number]) != find(one)] == []
    assert [one.number for one in readable if decide(delivered[one.number]) != decide(one)] == []


def test_the_engine_decides_as_the_naive_rules(pack: Path) -> None:
    asked = from_truth(pack / "truth")
    decisions, findings = rows_of(asked)
    assert _other(decisions, [decide(one) for one in asked]) == []
    assert _other(findings, [row for one in asked for row in find(one)]) == []


def test_a_pack_sees_every_outcome_and_every_reason(pack: Path) -> None:
    rows = [decide(one) for one in from_truth(pack / "truth")]
    assert {row[5] for row in rows} == {
        "特困", "低保", "低保(特困待定:义务人)", "低保边缘", "刚性支出困难", "不符合", "待定:缺授权", "待定:缺金融资产",
    }  # fmt: skip
    assert {reason for row in rows for reason in row[7].split(";")} == {"", "车辆", "房产", "市场主体", "金融资产"}
    assert {"0"} <= {row[2] for row in rows}


def _other(found: list[list[str]], wanted: list[list[str]]) -> list[tuple[list[str], list[str]]]:
    return [(ours, theirs) for ours, theirs in zip(found, wanted, strict=True) if ours != theirs]
