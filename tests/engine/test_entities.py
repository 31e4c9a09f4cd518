"""Who is read from where: person, household, head, record; areas; facts from rows; codes; figures by place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from doudi.engine.case import read_case
from doudi.engine.errors import CaseError, EngineError
from doudi.engine.python import Program
from tests.engine.small import AS_OF, BASIS, fact, holds, household, measured, rule, rulebook_of, said, table, value
from tests.engine.small import worked_out as both


def test_a_person_reads_its_household_and_the_household_its_members() -> None:
    rules = {"person.share": measured("number", "person.a + household.x")}
    people = ({"a": 1}, {"a": 2}, {"a": 100, "member": False})
    assert value("sum(person.share)", household({"x": 10}, *people), rules=rules) == 23


def test_the_head_is_read_though_uncounted_and_unknown_where_nobody_knows_who() -> None:
    formulas = {"own": "household.head.a", "all": "sum(person.a)", "old?": "household.head.f"}
    people = ({"a": 1, "f": False}, {"a": 2, "member": False, "f": True})
    assert table(formulas, [household({}, *people, head="p1")])[0] == {"own": 2, "all": 1, "old": True}
    assert table(formulas, [household({}, *people)])[0] == {"own": None, "all": 1, "old": None}


def test_a_head_who_is_not_in_the_case_is_refused() -> None:
    with pytest.raises(CaseError) as caught:
        read_case(household({}, {"a": 1}, head="nobody"), rulebook_of({}))
    assert caught.value.code == "case.person_unknown"


def test_a_row_reads_its_person_and_its_household() -> None:
    rules = {"row.counts": measured("boolean", "row.amount > household.x and person.f")}
    rules["row.counts"] |= {"yes": said("是"), "no": said("否")}
    rows = [{"amount": "5"}, {"amount": "1"}]
    people = ({"f": True, "rows": {"row": rows}}, {"f": False, "rows": {"row": [{"amount": "9"}]}})
    assert value("sum(row.amount where row.counts)", household({"x": 3}, *people), rules=rules) == 5


@pytest.mark.parametrize(
    ("area", "level", "found"),
    [
        ("990101001001", "township", "990101001"),
        ("990101001001", "county", "990101"),
        ("990101001001", "province", "99"),
        ("990101", "county", "990101"),
        ("990101", "township", None),
        (None, "county", None),
    ],
)
def test_area_at_is_the_area_above_and_unknown_below_what_is_known(
    area: str | None, level: str, found: str | None
) -> None:
    made = {"household.above": measured("area", f"area_at(household.area, {level})")}
    assert both(rulebook_of(made), [household({"area": area})])[0]["above"] == found


def test_areas_are_compared_with_codes() -> None:
    assert holds("area_at(household.area, county) = '990101'", household()) is True
    assert holds("area_at(household.area, county) in ('990102', '990103')", household()) is False


def of_rows(type: str, value: str, absent: str = "none", window: str | None = None, **more: Any) -> dict[str, Any]:
    own: dict[str, Any] = {"feed": "dept_row", "value": value, "absent": absent}
    if window is not None:
        own["window"] = {"column": window, "months": "12", "before": "as_of"}
    if "where" in more:
        own["where"] = more.pop("where")
    return fact(type, **more, **{"from": own})


COMPILED = {
    "person.total": of_rows("money", "sum(amount)", window="month"),
    "person.by_day": of_rows("money", "sum(amount)", window="day", where="ok"),
    "person.times": of_rows("integer", "count", where="state = 现势"),
    "person.units": of_rows("integer", "count_distinct(unit_no)"),
    "person.there": of_rows("boolean", "exists"),
    "person.saved": of_rows("money", "sum(amount)", "unknown"),
    "person.last": of_rows("code", "latest(state by day)", codes={"现势": said("是"), "历史": said("否")}),
}
READ = {
    "total": "max(person.total)",
    "by_day": "max(person.by_day)",
    "times#": "max(person.times)",
    "units#": "max(person.units)",
    "there?": "any(person.there)",
    "saved": "max(person.saved)",
    "current#": "count(where person.last = 现势)",
}


def compiled(rows: Any, as_of: date = AS_OF) -> dict[str, Any]:
    return table(READ, [household({}, {"rows": {"row": rows}}, as_of=as_of)], facts=COMPILED)[0]


def line(**cells: Any) -> dict[str, Any]:
    usual = {"amount": "1.00", "month": "2026-01", "day": "2026-01-15", "ok": True, "state": "现势", "unit_no": "A"}
    return {**usual, **cells}


def test_a_window_is_the_twelve_months_before_the_month_of_as_of() -> None:
    months = ["2025-06", "2025-07", "2026-06", "2026-07"]
    assert compiled([line(month=month) for month in months])["total"] == 2
    days = ["2025-06-30", "2025-07-01", "2026-06-30", "2026-07-01"]
    assert compiled([line(day=day) for day in days])["by_day"] == 2
    first = date(2026, 7, 1)
    assert compiled([line(month=month) for month in months], first)["total"] == 2
    assert compiled([line(month=month) for month in months], date(2026, 6, 30))["total"] == 2


def test_no_rows_is_none_where_the_feed_says_so_and_unknown_where_it_does_not() -> None:
    none = {"total": 0, "by_day": 0, "times": 0, "units": 0, "there": False, "saved": None, "current": None}
    assert compiled([]) == none


def test_an_unanswered_feed_makes_every_fact_of_it_unknown() -> None:
    unknown = dict.fromkeys([name.rstrip("?#") for name in READ])
    for why in ("never_asked", "not_answered", "not_permitted", "conflicting"):
        assert compiled(why) == unknown


def test_rows_are_selected_counted_and_told_apart() -> None:
    rows = [line(unit_no="A"), line(unit_no="B", state="历史", day="2026-03-01"), line(unit_no="B", ok=False)]
    got = compiled(rows)
    assert (got["times"], got["units"], got["there"], got["saved"], got["by_day"]) == (2, 2, True, 3, 2)
    assert got["current"] == 0


def test_a_fact_of_rows_may_be_given_directly_by_a_case() -> None:
    book = rulebook_of({"household.out": rule("number", "sum(person.total)")}, facts=COMPILED)
    case = read_case(household({}, {"total": "12.34"}), book)
    assert str(Program(book, AS_OF).value(case.household, "out")) == "12.34"


def test_a_code_outside_its_list_is_refused_with_the_nearest() -> None:
    with pytest.raises(CaseError) as caught:
        read_case(household({"colour": "红色"}), rulebook_of({}))
    assert caught.value.code == "case.code_unknown" and caught.value.context["value"] == "红色"
    assert "红、绿" in caught.value.message("zh") or "红, 绿" in caught.value.message("zh")


LINE = {
    "line": {
        "type": "number",
        "label": said("标准"),
        "by": "household.colour",
        "set_by": ["nation", "prefecture", "county"],
        "values": [
            {"area": "nation", "from": "2020-01-01", "values": {"红": "1", "绿": "2"}, "basis": BASIS[0]},
            {"area": "nation", "from": "2026-07-01", "values": {"红": "3"}, "basis": BASIS[0]},
        ],
    }
}


@pytest.mark.parametrize(
    ("as_of", "colour", "expected"),
    [("2026-06-30", "红", 1), ("2026-07-01", "红", 3), ("2026-07-01", None, None), ("2026-07-01", "绿", 2)],
)
def test_a_figure_is_that_of_its_day_and_kind(as_of: str, colour: str | None, expected: int | None) -> None:
    case = household({"colour": colour}, as_of=date.fromisoformat(as_of))
    assert value("line * 1", case, parameters=LINE) == expected


def test_a_gap_in_the_figures_is_an_error_of_that_household_and_says_what_is_not_set() -> None:
    book = rulebook_of({"household.out": rule("number", "line * 1")}, parameters=LINE)
    case = read_case(household({"colour": "蓝"}), book)
    with pytest.raises(EngineError) as caught:
        Program(book, AS_OF).value(case.household, "out")
    assert caught.value.code == "run.parameter_gap" and "标准" in caught.value.message("zh")


def test_discretion_is_unknown_until_a_person_has_chosen() -> None:
    choice = {"household.discretion_hardship": fact("boolean", "discretion")}
    formula = "household.u or discretion(hardship)"
    assert holds(formula, household({"u": False}), facts=choice) is None
    chosen = {"u": False, "discretion_hardship": {"choice": True, "reason": "三人会商"}}
    assert holds(formula, household(chosen), facts=choice) is True
    assert holds(formula, household({"u": True}), facts=choice) is True


@pytest.mark.parametrize(
    "said", [True, {"choice": True}, {"choice": True, "reason": " "}, {"choice": True, "why": "x"}]
)
def test_a_choice_without_a_reason_is_refused(said: object) -> None:
    book = rulebook_of({}, facts={"household.discretion_hardship": fact("boolean", "discretion")})
    with pytest.raises(CaseError) as caught:
        read_case(household({"discretion_hardship": said}), book)
    assert caught.value.code == "case.choice_without_reason"


def test_the_reason_of_a_choice_is_kept_with_the_case() -> None:
    codes = {"减发": said("减发"), "停发": said("停发")}
    facts = {"person.discretion_refusal": fact("code", "discretion", codes=codes)}
    rules = {"person.stops": rule("boolean", "discretion(refusal) = 停发")}
    book = rulebook_of(rules, facts=facts)
    chosen = {"choice": "停发", "reason": " 三次推荐都没有去面试 "}
    case = read_case(household({}, {"discretion_refusal": chosen}, {}), book)
    first, second = case.household.persons
    program = Program(book, AS_OF)
    assert (program.value(first, "stops"), program.value(second, "stops")) == (True, None)
    assert first.reasons == {"discretion_refusal": "三次推荐都没有去面试"}


OBLIGORS = {
    "obligor.duty": fact("code", codes={"赡养": said("赡养"), "抚养": said("抚养")}),
    "obligor.per_head": fact("money", unit="yuan/month", minimum="0"),
    "obligor.is_able": fact("boolean"),
}


def test_obligors_are_a_relation_of_each_member_to_other_people_and_what_their_households_have() -> None:
    formulas = {
        "able?": "any(obligor.is_able where obligor.duty = 赡养 and person.f)",
        "known#": "count(obligor where person.f)",
        "most": "max(obligor.per_head)",
    }
    son = {"duty": "赡养", "per_head": "3000.00", "is_able": True}
    daughter = {"duty": "赡养", "per_head": "900.00", "is_able": None}
    cases = [
        household({}, {"f": True, "rows": {"obligor": [son, daughter]}}),
        household({}, {"f": False, "rows": {"obligor": [son]}}, {"f": True, "rows": {"obligor": [daughter]}}),
        household({}, {"f": True, "rows": {"obligor": "not_answered"}}),
        household({}, {"f": True, "rows": {"obligor": []}}),
    ]
    assert table(formulas, cases, {"most": "yuan/month"}, facts=OBLIGORS) == [
        {"able": True, "known": 2, "most": 3000},
        {"able": None, "known": 1, "most": 3000},
        {"able": None, "known": None, "most": None},
        {"able": False, "known": 0, "most": None},
    ]
