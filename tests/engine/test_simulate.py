"""A simulation counts what deciding every household twice, one by one, would count."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from doudi.engine.case import read_case
from doudi.engine.errors import EngineError
from doudi.engine.policy import load
from doudi.engine.reform import parse_reform, reformed
from doudi.engine.rulebook import Rulebook, resolve
from doudi.engine.run import decide, program_for
from doudi.engine.side_by_side import side_by_side, with_figures_of
from doudi.engine.simulate import Simulation, households_of, simulate
from doudi.engine.standing import standings
from tests.engine.population import Population
from tests.engine.snapshots import write_snapshot

SHIPPED = Path(__file__).resolve().parents[2] / "policy"
DAY = date(2026, 7, 10)
HOUSEHOLDS = 200
REFORM = """
name: trial
label: {zh: 试行, en: trial}
parameters:
  dibao_line: {scale: 1.1}
  car_limit: {values: [{area: '990101', value: 1}]}
rules:
  household.is_below_line:
    type: boolean
    sensitivity: income
    label: {zh: 低于标准, en: below}
    formula: case when household.counted_members = 0 then false else household.income_per_head < 0.8 * dibao_line end
    basis: [{document: 试行}]
    yes: {zh: 是。, en: 'Yes.'}
    no: {zh: 否。, en: 'No.'}
"""


def rulebooks() -> tuple[Rulebook, Rulebook]:
    policy = load(SHIPPED)
    return resolve(policy, "990101"), resolve(reformed(policy, parse_reform(REFORM, policy)), "990101")


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    population = Population(rulebooks()[0], DAY, 11)
    return [population.case(number) for number in range(HOUSEHOLDS)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, cases: list[dict[str, Any]]) -> Path:
    made = tmp_path_factory.mktemp("simulate")
    write_snapshot(made / "snapshot", rulebooks()[0], cases, slice_size=150)
    return made


@pytest.fixture(scope="module")
def result(folder: Path) -> Simulation:
    before, after = rulebooks()
    return simulate(before, after, folder / "snapshot", folder / "out", as_of=DAY, memory_limit="1GB", threads=1)


Standing = dict[str, tuple[str, Decimal | None]]


def stands(rulebook: Rulebook, case: dict[str, Any]) -> Standing | None:
    """Outcome and yearly money in each programme; None is an error."""
    read = read_case(case, rulebook)
    try:
        proposal = decide(rulebook, read, explain=False)
    except EngineError:
        return None
    blocked = any(m.requirement is not None for m in proposal.missing)
    found: Standing = {}
    for one in proposal.programmes:
        if proposal.programme == one.name:
            pays = rulebook.programmes[one.name].amount is not None
            money = (None if one.amount is None else one.amount * 12) if pays else Decimal(0)
            found[one.name] = ("eligible", money)
        elif proposal.outcome == "undetermined" and (blocked or one.outcome != "not_eligible"):
            found[one.name] = ("undetermined", None)
        else:
            found[one.name] = ("undetermined", None) if proposal.pending == one.name else ("not_eligible", Decimal(0))
    for name, own in standings(rulebook, program_for(rulebook, DAY), read.household).items():
        if name not in found:
            times = {"month": 12, "year": 1}.get(own.period, 0)
            known = Decimal(0) if own.outcome == "not_eligible" else own.amount
            found[name] = (own.outcome, None if known is None else known * times)
    return found


Pair = tuple[Standing | None, Standing | None]


@pytest.fixture(scope="module")
def pairs(cases: list[dict[str, Any]]) -> list[Pair]:
    before, after = rulebooks()
    return [(stands(before, case), stands(after, case)) for case in cases]


def before_chain(result: Simulation) -> tuple[str, ...]:
    """What the line of all takes together."""
    assert result.counted == rulebooks()[0].chains["basic_living"].programmes
    return result.counted


def change(first: Standing, second: Standing) -> str:
    money = [[m for _, m in side.values()] for side in (first, second)]
    if None in money[0] + money[1]:
        return "undetermined"
    gain = sum(m for m in money[1] if m is not None) - sum(m for m in money[0] if m is not None)
    if gain:
        return "winners" if gain > 0 else "losers"
    return "unchanged" if first == second else "otherwise"


def test_lines_and_costs_are_those_of_deciding_one_by_one(result: Simulation, pairs: list[Pair]) -> None:
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    assert (result.households, result.errors) == (len(known), len(pairs) - len(known))
    for line in result.programmes:
        for number, side in enumerate((line.before, line.after)):
            mine = [pair[number][line.key] for pair in known]
            counts = Counter(outcome for outcome, _ in mine)
            assert (side.eligible, side.not_eligible, side.undetermined) == (
                counts["eligible"], counts["not_eligible"], counts["undetermined"],
            )  # fmt: skip
            paid = [money for outcome, money in mine if outcome == "eligible"]
            assert side.amount_unknown == paid.count(None)
            assert side.year == sum(m for m in paid if m is not None)
            assert side.month == (side.year / 12).quantize(Decimal("0.01"))
        moves = Counter((a[line.key][0], b[line.key][0]) for a, b in known)
        assert (line.newly_in, line.out) == (moves["not_eligible", "eligible"], moves["eligible", "not_eligible"])
    chain = before_chain(result)
    changes = Counter(change({n: a[n] for n in chain}, {n: b[n] for n in chain}) for a, b in known)
    for name in ("winners", "losers", "otherwise", "unchanged", "undetermined"):
        assert getattr(result.in_all, name) == changes[name], name
    assert min(changes.values()) > 0 and result.changed == sum(changes[n] for n in ("winners", "losers", "otherwise"))


def test_undetermined_is_a_line_of_its_own_in_every_table(result: Simulation) -> None:
    lines = [result.in_all, *result.programmes, *result.areas, *result.groups, *result.sizes]
    for line in lines:
        for side in (line.before, line.after):
            assert side.eligible + side.not_eligible + side.undetermined == line.households
        assert line.winners + line.losers + line.otherwise + line.unchanged + line.undetermined == line.households
    for table in (result.areas, result.sizes):
        assert sum(line.households for line in table) == result.households
        assert sum(line.after.year for line in table) == result.in_all.after.year
    assert [line.key for line in result.areas] == ["990101001", "990101002", "990101003", ""]


def test_an_unknown_number_of_persons_is_no_zero(result: Simulation, pairs: list[Pair]) -> None:
    unknown = [line for line in result.sizes if line.key == ""]
    assert result.persons_unknown == sum(line.households for line in unknown) > 0
    for side in (result.in_all.before, result.in_all.after):
        assert side.persons_unknown <= side.eligible
    for line in unknown:
        assert (line.before.persons, line.before.persons_unknown) == (0, line.before.eligible)
    assert result.to_json()["persons_unknown"] == result.persons_unknown


def test_families_of_which_it_is_not_known_who_is_in_them_have_lines_of_their_own(result: Simulation) -> None:
    keys = [line.key for line in result.groups]
    assert all(line.households > 0 for line in result.groups)
    assert {"children", "old"} <= set(keys) and any(key.endswith("__unknown") for key in keys)


def test_the_poverty_gap_is_the_shortfall_to_todays_line(
    result: Simulation, cases: list[dict[str, Any]], pairs: list[Pair]
) -> None:
    before, _ = rulebooks()
    program = program_for(before, DAY)
    gaps: list[list[Decimal]] = []
    for case, (first, second) in zip(cases, pairs, strict=True):
        household = read_case(case, before).household
        members = program.value(household, "counted_members") if first is not None else None
        if first is None or second is None or members == 0:
            continue
        income = program.value(household, "assessed_income")
        used = program.parameter_used("dibao_line", household)
        chain = before.chains["basic_living"].programmes
        help_of = [[side[name][1] for name in chain] for side in (first, second)]
        if None in (income, members, used, *help_of[0], *help_of[1]):
            continue
        need = used.value * members  # type: ignore[union-attr, operator]
        totals = [Decimal(0), *(sum(m for m in side if m is not None) for side in help_of)]
        gaps.append([max(Decimal(0), need - income - total / 12) for total in totals])  # type: ignore[operator]
    assert result.gap is not None and result.gap.households == len(gaps) > 20
    for number, found in enumerate((result.gap.without, result.gap.before, result.gap.after)):
        short = [row[number] for row in gaps if row[number] > 0]
        assert found.households == len(short)
        assert abs(found.sum - sum(short)) < Decimal("0.02")
    assert result.gap.without.sum > result.gap.before.sum and result.gap.without.index > result.gap.before.index


def test_a_run_goes_on_where_it_stopped_and_gives_the_same(result: Simulation, folder: Path) -> None:
    before, after = rulebooks()
    slices = sorted((folder / "out").glob("slice-*.parquet"))
    assert len(slices) == 2
    slices[1].unlink()
    kept = slices[0].stat().st_mtime_ns
    again = simulate(before, after, folder / "snapshot", folder / "out", as_of=DAY, memory_limit="1GB", threads=1)
    assert slices[0].stat().st_mtime_ns == kept
    assert {**again.to_json(), "seconds": 0} == {**result.to_json(), "seconds": 0}


def test_before_and_after_of_every_household_are_written_on_request(result: Simulation, folder: Path) -> None:
    before, after = rulebooks()
    written = households_of(before, after, folder / "out", folder / "list" / "households.parquet", as_of=DAY)
    table = pq.read_table(folder / "list" / "households.parquet").to_pylist()
    assert written == len(table) == result.households
    assert Counter(row["all.c"] for row in table)["winner"] == result.in_all.winners
    assert all(row["all.y1"] is None for row in table if row["all.s1"] == "undetermined")
    households_of(before, after, folder / "out", folder / "list" / "households.csv", as_of=DAY)
    assert len((folder / "list" / "households.csv").read_text(encoding="utf-8").splitlines()) == written + 1


def test_what_is_equal_in_both_is_worked_out_once() -> None:
    before, after = rulebooks()
    both = side_by_side(before, after)
    assert both.changed == ("household.is_below_line", "parameter.dibao_line", "parameter.car_limit")
    assert "household.counted_members" not in both.differing and "household.dibao__outcome" in both.differing
    assert both.second("counted_members") == "counted_members"
    same = side_by_side(before, before)
    assert same.differing == frozenset() and set(same.rulebook.quantities) == set(before.quantities)


def test_the_same_rules_change_nobody(folder: Path) -> None:
    before, _ = rulebooks()
    same = simulate(
        before, before, folder / "snapshot", folder / "same", as_of=DAY, programmes=["dibao"], memory_limit="1GB"
    )
    assert (same.changed, same.in_all.undetermined, same.differing) == (0, 0, ())
    assert same.in_all.unchanged == same.households and same.in_all.before == same.in_all.after


def test_a_reform_that_begins_later_is_tried_on_the_data_there_are(folder: Path) -> None:
    policy = load(SHIPPED)
    later = "name: later\nlabel: {zh: 明年, en: later}\nfrom: 2027-01-01\nparameters:\n  dibao_line: {scale: 1.5}\n"
    before, after = rulebooks()[0], resolve(reformed(policy, parse_reform(later, policy)), "990101")
    assert with_figures_of(after, date(2026, 12, 31)).parameters == with_figures_of(before, date(2027, 1, 1)).parameters
    found = simulate(
        before, after, folder / "snapshot", folder / "later", as_of=DAY, figures_on=date(2027, 1, 1),
        programmes=["dibao"], memory_limit="1GB", threads=1,
    )  # fmt: skip
    assert found.as_of == DAY and found.in_all.winners > 0 and [line.key for line in found.programmes] == ["dibao"]


def test_an_unknown_programme_and_another_place_are_refused(folder: Path) -> None:
    before, after = rulebooks()
    with pytest.raises(EngineError, match="dibao"):
        simulate(before, after, folder / "snapshot", folder / "x", as_of=DAY, programmes=["dibaoo"])
    with pytest.raises(EngineError, match="990101"):
        side_by_side(before, resolve(load(SHIPPED), "50"))
