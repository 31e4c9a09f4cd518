"""The snapshot says of every household what CASE.json says of it, and is written whole or not at all."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from doudi.core.actor import Actor
from doudi.engine import policy
from doudi.engine.backends.duckdb import screen
from doudi.engine.case import read_case
from doudi.engine.rulebook import Rulebook, resolve
from doudi.engine.run import decide
from doudi.matching.actions import make_snapshot
from doudi.matching.models import Snapshot
from doudi.matching.queries import CaseRequest, cases_for
from doudi.registry.actions import form_hukou_households
from doudi.registry.logic.newcomers import NewHousehold
from doudi.registry.queries import keys_of
from tests.matching.agreement import plain_case, rows_of, snapshot_cases, text
from tests.matching.fakes import FakeCoverage, FakeLake
from tests.matching.test_cases import DAY, Family, wage
from tests.registry.conftest import AT

pytestmark = pytest.mark.django_db
Allow = Callable[..., Callable[..., set[uuid.UUID]]]


@pytest.fixture
def families(actor: Actor, person: Callable[..., uuid.UUID], lake: FakeLake, tmp_path: Path) -> list[Family]:
    """A family that signed in part and declared, one whose head is outside; wages, a car of unknown state."""
    lake.folder = tmp_path
    one = Family(actor, person)
    one.declare(declared_other_income="150.00", obligor_status="不清楚")
    two = Family(actor, person, mother_is_member=False)
    lake.held["shuiwu_gongzi"] = {key: [wage("100.50", 1), wage("-20.00", 2)] for key in one.keys.values()}
    lake.held["gongan_cheliang"] = {
        one.keys[one.mother]: [{"state": "正常", "_row": 3, "_delivery": "d2"}],
        one.keys[one.son]: [{"state": None, "_row": 4, "_delivery": "d2"}],
    }
    lake.spoiled["gongan_cheliang"] = {one.keys[one.child]}
    return [one, two]


def test_snapshot_and_case_agree(
    actor: Actor, families: list[Family], rulebook: Rulebook, allow: Allow, tmp_path: Path
) -> None:
    permitted = allow(families[0].keys[families[0].son])
    out = tmp_path / "snapshot"
    made = make_snapshot(actor=actor, at=AT, as_of=DAY, place="990101", out=out, rulebook=rulebook, permitted=permitted)
    units = [family.unit for family in families]
    cases = cases_for(rulebook, [CaseRequest(unit, DAY) for unit in units], permitted=permitted)
    assert snapshot_cases(out) == {str(unit): plain_case(case) for unit, case in zip(units, cases, strict=True)}
    assert (made.households, made.persons) == (2, 6)
    assert json.loads((out / "meta.json").read_text())["as_of"] == "2026-07-14"


def test_tables_are_sorted_and_sliced(
    actor: Actor, families: list[Family], rulebook: Rulebook, allow: Allow, tmp_path: Path
) -> None:
    out = tmp_path / "snapshot"
    make_snapshot(
        actor=actor, at=AT, as_of=DAY, place="990101", out=out, rulebook=rulebook,
        permitted=allow(*families[0].keys.values()), slice_size=1,
    )  # fmt: skip
    for name in ("households", "persons", "wage", "vehicle"):
        rows = rows_of(out / f"{name}.parquet")
        assert rows == sorted(rows, key=lambda row: row["household_id"]), name
        part = {row["household_id"]: row["slice"] for row in rows}
        assert len(set(part.values())) == len(part)


def test_register_households_are_in_it_until_a_unit_is_formed_and_their_children_need_a_permit(
    actor: Actor, person: Callable[..., uuid.UUID], lake: FakeLake, rulebook: Rulebook, allow: Allow, tmp_path: Path
) -> None:
    lake.folder = tmp_path
    child = person("马小", "20150101", 1)
    (key,) = keys_of([child])[child]
    lake.held["shuiwu_gongzi"] = {key: [wage("1.00")]}
    given = NewHousehold("YX1", "990101001001", child, ((child, "户主"),))
    form_hukou_households(actor=actor, at=AT, households=[given], on=DAY, origin="gongan_huji")
    out = tmp_path / "snapshot"
    make_snapshot(actor=actor, at=AT, as_of=DAY, place="990101", out=out, rulebook=rulebook, permitted=allow())
    assert [row["wage__why"] for row in rows_of(out / "persons.parquet")] == [3]
    assert rows_of(out / "wage.parquet") == []


def test_an_empty_place_gives_an_empty_snapshot(
    actor: Actor, lake: FakeLake, rulebook: Rulebook, tmp_path: Path
) -> None:
    lake.folder = tmp_path
    out = tmp_path / "snapshot"
    make_snapshot(actor=actor, at=AT, as_of=DAY, place="990101", out=out, rulebook=rulebook)
    assert rows_of(out / "households.parquet") == []
    assert rows_of(out / "wage.parquet") == []


def test_a_failure_leaves_the_former_snapshot(
    actor: Actor, families: list[Family], rulebook: Rulebook, allow: Allow, tmp_path: Path, lake: FakeLake
) -> None:
    out = tmp_path / "snapshot"
    make_snapshot(actor=actor, at=AT, as_of=DAY, place="990101", out=out, rulebook=rulebook, permitted=allow())
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def fails(_feed: str, _keys: object, _on: datetime.date) -> set[uuid.UUID]:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        make_snapshot(actor=actor, at=AT, as_of=DAY, place="990101", out=out, rulebook=rulebook, permitted=fails)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir() if "snapshot" in path.name] == ["snapshot"]
    assert Snapshot.objects.count() == 0, "rows are of folders in HOME/snapshots"


def test_a_population_is_screened_from_the_snapshot_as_its_cases_are_decided(
    actor: Actor, families: list[Family], lake: FakeLake, allow: Allow, tmp_path: Path
) -> None:
    """The shipped rules in SQL over the snapshot and in Python over CASE.json: one answer."""
    shipped = resolve(policy.load(Path(__file__).parents[2] / "policy"), "990101")
    for feed in shipped.feeds:
        lake.coverages[feed] = FakeCoverage(datetime.date(2025, 7, 1), datetime.date(2026, 6, 1))
    permitted = allow(*(key for family in families for key in family.keys.values()))
    out, found = tmp_path / "snapshot", tmp_path / "found"
    make_snapshot(actor=actor, at=AT, as_of=DAY, place="990101", out=out, rulebook=shipped, permitted=permitted)
    outputs = ["counted_members", "assessed_income", "chain__basic_living__outcome"]
    screen(shipped, out, found, as_of=DAY, outputs=outputs)
    screened = {row["household_id"]: row for path in found.glob("slice-*.parquet") for row in rows_of(path)}
    units = [family.unit for family in families]
    cases = cases_for(shipped, [CaseRequest(unit, DAY) for unit in units], permitted=permitted)
    for unit, case in zip(units, cases, strict=True):
        proposal, row = decide(shipped, read_case(case, shipped), chain="basic_living"), screened[str(unit)]
        assert row["chain__basic_living__outcome"] == proposal.outcome
        assert int(row["counted_members"]) == proposal.values["household.counted_members", str(unit)]
        income = proposal.values["household.assessed_income", str(unit)]
        assert row["assessed_income"] == text(None if income is None else str(income))
