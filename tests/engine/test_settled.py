"""Switches that a place has settled: what they turn off is neither read nor missing, and needs no figures."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from doudi.engine.case import read_case
from doudi.engine.errors import PolicyErrors
from doudi.engine.reads import read_by_chains
from doudi.engine.rulebook import Rulebook
from doudi.engine.run import decide
from tests.engine.small import BASIS, household, measured, programme, rule, rulebook_of, said, worked_out

BASE = {"document": "试行办法"}


def switch(*values: dict[str, Any], kind: str = "boolean", otherwise: str = "no", **more: Any) -> dict[str, Any]:
    return {"type": kind, "label": said("开关"), "set_by": ["county"], "otherwise": otherwise, "values": values, **more}


def value(written: str, start: str = "2026-01-01", **more: str) -> dict[str, Any]:
    return {"area": "990101", "from": start, "value": written, "basis": BASE, **more}


RULES = {
    "household.extra": rule("boolean", "is_asked and household.q"),
    "household.good": rule("boolean", "household.u and not household.extra"),
    "household.sum": measured("number", "case when is_asked then household.x * share else household.y end"),
}
SHARE = {"type": "number", "unit": "ratio", "label": said("比例"), "set_by": ["county"], "values": []}


def book(one: dict[str, Any]) -> Rulebook:
    programmes = {"one": programme("household.good", amount="household.per_month", recognition="no")}
    chains = {"basic_living": {"label": said("依次"), "programmes": ["one"], "basis": BASIS}}
    figures = {"is_asked": one, "share": SHARE}
    return rulebook_of(RULES, parameters=figures, programmes=programmes, chains=chains)


def test_what_is_switched_off_is_not_read_not_missing_and_needs_no_figures() -> None:
    found = book(switch())
    assert "household.q" not in read_by_chains(found)
    assert worked_out(found, [household({"u": True, "y": 2})])[0]["good"] is True
    assert worked_out(found, [household({"u": True, "y": 2})])[0]["sum"] == 2
    assert decide(found, read_case(household({"u": True}), found)).missing == ()


def test_a_switch_set_from_a_day_on_is_decided_by_the_day() -> None:
    found = book(switch(value("yes")))
    assert "household.q" in read_by_chains(found)
    on, off = household({"u": True, "q": True}), household({"u": True, "q": True}, as_of=date(2025, 12, 31))
    assert [decide(found, read_case(case, found)).outcome for case in (on, off)] == ["not_eligible", "eligible"]


@pytest.mark.parametrize(
    ("formula", "text", "found"),
    [
        ("way = 全额 and household.u", "全额", None),
        ("way = 定额 and household.u", "全额", False),
        ("way in (定额, 分档) or household.u", "定额", True),
        ("case when way = 定额 then household.u else household.q end", "全额", None),
        ("not (way = 定额)", "全额", True),
    ],
)
def test_a_choice_of_ways_settles_as_a_switch_does(formula: str, text: str, found: bool | None) -> None:
    codes = {code: said(code) for code in ("全额", "定额", "分档")}
    figures = {"way": switch(kind="code", otherwise=text, codes=codes)}
    rules = {"household.out": rule("boolean", formula)}
    assert worked_out(rulebook_of(rules, parameters=figures), [household({})]) == [{"out": found}]


def refused(parameters: dict[str, Any], **more: Any) -> list[str]:
    with pytest.raises(PolicyErrors) as caught:
        rulebook_of({}, parameters=parameters, **more)
    return [error.code for error in caught.value.errors]


def test_overlapping_days_are_refused_and_an_open_end_is_ended_by_the_next() -> None:
    first, second = value("yes", "2026-01-01", to="2026-06-30"), value("no", "2026-06-30")
    assert refused({"s": switch(first, second)}) == ["policy.days_overlap"]
    found = rulebook_of({"household.out": rule("boolean", "s")}, parameters={"s": switch(value("yes"), second)})
    days = [
        worked_out(found, [household({}, as_of=date.fromisoformat(day))])[0]["out"]
        for day in ("2025-12-31", "2026-06-29", "2026-07-01")
    ]
    assert days == [False, True, False]


def test_another_level_is_refused_with_the_line_of_the_value_and_who_may() -> None:
    with pytest.raises(PolicyErrors) as caught:
        rulebook_of({}, parameters={"s": switch(value("yes"), set_by=["province", "prefecture"])})
    error = caught.value.errors[0]
    assert error.code == "policy.may_not_set" and "province, prefecture" in error.message("zh")
    assert error.where is not None and error.where.line > 1


def test_a_rule_is_replaced_only_by_the_levels_it_names() -> None:
    own = {"household.out": rule("boolean", "household.u", set_by=["nation", "province"])}
    with pytest.raises(PolicyErrors) as caught:
        rulebook_of(own, place_rules={"household.out": rule("boolean", "household.q")})
    assert caught.value.errors[0].code == "policy.may_not_replace"
    assert "nation, province" in caught.value.errors[0].message("en")


def test_bad_switches_are_refused() -> None:
    assert refused({"s": switch(kind="code", otherwise="全额")}) == ["policy.key_missing"]
    assert refused({"s": switch(kind="code", otherwise="全", codes={"全额": said("全额")})}) == ["rule.code_unknown"]
    assert refused({"s": switch(by="household.colour")}) == ["policy.otherwise_by_key"]
