"""Standards: who may set them, how they are inherited, what hangs on the line, and what a gap says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from doudi.engine.case import read_case
from doudi.engine.errors import EngineError, PolicyErrors
from doudi.engine.examples import read_examples
from doudi.engine.policy import load
from doudi.engine.python import Program
from doudi.engine.reform import read_reform, reformed
from doudi.engine.rulebook import Rulebook, resolve
from doudi.engine.run import decide
from doudi.engine.vocabulary import LEVELS, ParameterDefinition
from tests.engine.small import household, rule, rulebook_of, said

ROOT = Path(__file__).resolve().parents[2]
BASIS = {"document": "试行办法"}


def defined() -> Iterator[ParameterDefinition]:
    """Every parameter where it is declared."""
    policy = load(ROOT / "policy")
    for layer in (policy.base, *policy.places.values()):
        yield from (one for one in layer.parameters.values() if one.kind.unit != "?")


def test_every_parameter_says_who_may_set_it() -> None:
    assert [one.name for one in defined() if not one.set_by] == []


@pytest.mark.parametrize(
    ("names", "may_not"),
    [
        (("dibao_line", "tekun_standard"), ("nation", "county", "township", "village")),
        (("asks_absences",), ("prefecture", "county", "township", "village")),
        (
            ("asks_income_items", "disability_allowances_are_disregarded", "basic_pension_is_disregarded"),
            ("county", "township", "village"),
        ),
        (("wages_are_imputed", "support_is_counted", "minimum_wage"), ("county", "township", "village")),
    ],
)
def test_a_figure_is_kept_from_the_levels_that_may_not_set_it(names: tuple[str, ...], may_not: tuple[str, ...]) -> None:
    found = {one.name: one.set_by for one in defined()}
    for name in names:
        assert not set(found[name]) & set(may_not), name


def test_the_county_may_set_temporary_assistance() -> None:
    temporary = [one for one in defined() if one.name.startswith(("temporary_", "emergency_", "advance_relief"))]
    assert len(temporary) > 10 and all("county" in one.set_by for one in temporary)


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (
            "parameters:\n  dibao_line:\n    values:\n      - {area: '990101', from: 2026-01-01, "
            "values: {城镇: 900, 农村: 700}, basis: {document: 县通知}}\n",
            "policy.may_not_set",
            "province, prefecture",
        ),
        ("parameters:\n  support_is_counted:\n    otherwise: yes\n", "policy.may_not_set", "province, prefecture"),
        (
            "rules:\n  person.is_left_out:\n    type: boolean\n    label: {zh: 不计入, en: left out}\n"
            "    formula: person.is_dead\n    basis: [{document: 县通知}]\n    yes: {zh: 是, en: 'yes'}\n"
            "    no: {zh: 否, en: 'no'}\n",
            "policy.may_not_replace",
            "nation, province",
        ),
    ],
)
def test_a_county_that_sets_what_is_not_its_own_is_refused_with_file_line_and_who_may(
    tmp_path: Path, content: str, code: str, words: str
) -> None:
    root = copytree(ROOT / "policy", tmp_path / "policy")
    (root / "places/990101/notice.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(PolicyErrors) as caught:
        resolve(load(root), "990101")
    error = caught.value.errors[0]
    assert error.code == code and words in error.message("zh")
    assert error.where is not None and error.where.file == "places/990101/notice.yaml" and error.where.line > 1


def value(area: str, amount: int, start: str = "2020-01-01") -> dict[str, Any]:
    return {"area": area, "from": start, "values": {"红": amount, "绿": amount + 1}, "basis": BASIS}


AREAS = ["nation", "99", "9901", "990101", "990101001", "990101001001"]
LINE = {
    "line": {
        "type": "money", "unit": "yuan/month", "label": said("标准"), "by": "household.colour",
        "set_by": list(LEVELS.values()),
        "values": [value(area, 100 * number) for number, area in enumerate(AREAS, 1)],
    }
}  # fmt: skip


def line_book(values: list[dict[str, Any]]) -> Rulebook:
    own = {"household.out": rule("money", "line * 1", unit="yuan/month")}
    return rulebook_of(own, parameters={"line": {**LINE["line"], "values": values}})


def test_the_nearest_area_decides_from_the_village_up_to_the_nation_and_by_residence() -> None:
    for number in range(len(AREAS), 0, -1):
        book = line_book(LINE["line"]["values"][:number])  # type: ignore[index]
        program = Program(book, date(2026, 7, 10))
        for colour, more in (("红", 0), ("绿", 1)):
            case = read_case(household({"colour": colour}), book)
            assert program.value(case.household, "out") == 100 * number + more


def test_a_gap_names_the_figure_the_area_and_the_day() -> None:
    book = line_book([value("990101", 1, "2026-07-11")])
    case = read_case(household({"colour": "红"}), book)
    with pytest.raises(EngineError) as caught:
        Program(book, date(2026, 7, 10)).value(case.household, "out")
    told = caught.value.message("zh")
    assert "标准" in told and "990101001001" in told and "2026-07-10" in told


def test_what_hangs_on_the_line_moves_with_it() -> None:
    example = next(e for e in read_examples(ROOT / "policy") if e.name == "重大，三个月：正好到上限")
    policy = load(ROOT / "policy")
    data = {**example.case, "household": {**example.case["household"], "declared_other_income": "1155.00"}}
    data["persons"] = [{**person, "financial_assets": "19000.00"} for person in example.case["persons"]]
    seen = []
    for one in (policy, reformed(policy, read_reform(ROOT / "reforms/line_up_5.yaml", policy))):
        book = resolve(one, example.place)
        values = decide(book, read_case(data, book), explain=False).values
        own = data["persons"][0]["id"]
        household_id = next(subject for name, subject in values if name == "household.temporary_cap")
        names = ("temporary_cap", "temporary_township_limit", "is_at_the_margin", "exceeds_financial_limit")
        seen.append([values[f"household.{n}", household_id] for n in names] + [values["person.tekun_amount", own]])
    before, after = seen
    assert before == [Decimal(4620), Decimal(1540), False, True, Decimal(1001)]
    assert after == [Decimal(4851), Decimal(1617), True, False, Decimal("1051.05")]
