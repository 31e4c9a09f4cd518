"""Aggregates over members and over records, three-valued; nobody; phantom rows; once per key; known_exceeds."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from doudi.engine.backends import worker as backend
from doudi.engine.backends.arrays import TooWide
from tests.engine.small import household, measured, table

T, F, U = True, False, None
ONE_NUMBER = {
    "sum": "sum(person.a where person.f)",
    "count#": "count(where person.f)",
    "any?": "any(person.g where person.f)",
    "all?": "all(person.g where person.f)",
    "min": "min(person.a where person.f)",
    "max": "max(person.a where person.f)",
    "different#": "count_distinct(person.a where person.f)",
}


def expected(people: list[dict[str, Any]]) -> dict[str, Any]:
    """What semantics.md says, word by word."""
    doubt = any(p["f"] is None for p in people)
    counted = [p for p in people if p["f"]]
    values = [p["a"] for p in counted]
    unknown = doubt or None in values
    seen = [p["g"] if p["f"] else (p["g"] and None) for p in people if p["f"] is not False]
    against = [p["g"] if p["f"] else (None if p["g"] is not True else True) for p in people if p["f"] is not False]
    return {
        "sum": None if unknown else sum(values),
        "count": None if doubt else len(counted),
        "any": T if any(v is True for v in seen) else U if None in seen else F,
        "all": F if any(v is False for v in against) else U if None in against else T,
        "min": None if unknown or not values else min(values),
        "max": None if unknown or not values else max(values),
        "different": None if unknown else len(set(values)),
    }


def test_aggregates_over_members_for_every_mixture_of_two_people() -> None:
    one = [{"f": f, "g": g, "a": a} for f, g, a in product([T, F, U], [T, F, U], [5, 2, None])]
    pairs = list(product(one, one))
    cases = [household({}, *people) for people in pairs]
    for people, got in zip(pairs, table(ONE_NUMBER, cases), strict=True):
        assert got == expected(list(people)), people


def test_over_nobody_sums_are_zero_any_is_false_all_is_true_and_min_max_are_unknown() -> None:
    nobody = {"sum": 0, "count": 0, "any": F, "all": T, "min": None, "max": None, "different": 0}
    everyone_out = household({}, {"f": F, "g": T, "a": 3})
    not_members = household({}, {"f": T, "g": T, "a": 3, "member": False})
    assert table(ONE_NUMBER, [household(), everyone_out, not_members]) == [nobody] * 3


RECORDS = {
    "sum": "sum(row.amount where row.ok)",
    "count#": "count(row where row.ok)",
    "exists?": "exists(row where row.ok)",
    "any?": "any(row.ok)",
    "all?": "all(row.ok)",
    "units#": "count_distinct(estate.unit_no where estate.ok and person.f)",
    "floor": "sum(estate.size once per estate.unit_no where estate.ok and person.f)",
}


def row(ok: bool | None, amount: str | None = "1") -> dict[str, Any]:
    return {"ok": ok, "amount": amount}


def estate(unit: str | None, size: str | None, ok: bool | None = T) -> dict[str, Any]:
    return {"unit_no": unit, "size": size, "ok": ok}


@pytest.mark.parametrize(
    ("people", "some"),
    [
        ([], {"sum": 0, "count": 0, "exists": F, "any": F, "all": T, "units": 0, "floor": 0}),
        ([{"rows": {"row": []}}], {"sum": 0, "count": 0, "exists": F, "any": F, "all": T}),
        ([{"rows": {"row": "not_answered"}}], {"sum": U, "count": U, "exists": U, "any": U, "all": U}),
        ([{"rows": {"row": [row(T)]}}, {"rows": {"row": "not_permitted"}}], {"exists": T, "any": T, "all": U}),
        ([{"rows": {"row": [row(F)]}}, {"rows": {"row": "not_permitted"}}], {"exists": U, "all": F, "count": U}),
        ([{"rows": {"row": [row(T, "2.50")]}}, {"rows": {"row": [row(T, "-1.25")]}}], {"sum": 1.25, "count": 2}),
        ([{"rows": {"row": [row(T, None)]}}], {"sum": U, "count": 1, "exists": T}),
        ([{"rows": {"row": [row(F, None)]}}], {"sum": 0, "count": 0, "exists": F}),
        ([{"rows": {"row": [row(U)]}}], {"sum": U, "count": U, "exists": U, "any": U, "all": U}),
        ([{"rows": {"row": "not_answered"}, "member": False}], {"sum": 0, "count": 0, "exists": F, "all": T}),
    ],
)  # fmt: skip
def test_aggregates_over_records(people: list[dict[str, Any]], some: dict[str, Any]) -> None:
    got = table(RECORDS, [household({}, *people)])[0]
    assert {name: got[name] for name in some} == some


UNANSWERED = {
    "all_f?": "all(person.f where row.ok)",
    "any_f?": "any(person.f where row.ok)",
    "never?": "any(household.x > 5 where row.state = 现势)",
    "always?": "all(coalesce(row.ok, true) or person.f)",
    "exists?": "exists(row where row.ok)",
    "out?": "exists(row where row.ok and person.f)",
    "count#": "count(row where row.ok)",
    "sum": "sum(household.x where row.ok)",
}


@pytest.mark.parametrize(("f", "all_f", "any_f", "out"), [(T, T, U, U), (F, U, F, F), (U, U, U, U)])
@pytest.mark.parametrize("arrays", [T, F])
def test_over_an_unknown_number_of_rows_what_does_not_depend_on_them_is_known(
    f: bool | None, all_f: bool | None, any_f: bool | None, out: bool | None, arrays: bool, monkeypatch: Any
) -> None:
    def never(work: object, span: object) -> None:
        raise TooWide("all go to SQL")

    if not arrays:
        monkeypatch.setattr(backend.Worker, "_run", never)
    person = {"f": f, "rows": {"row": "not_answered"}}
    got = table(UNANSWERED, [household({"x": 1}, person), household({"x": 1}, person, {"f": T})])
    said = {"all_f": all_f, "any_f": any_f, "never": F, "always": T, "exists": U, "out": out, "count": U, "sum": U}
    assert got == [said, said]


@pytest.mark.parametrize(
    ("people", "units", "area"),
    [
        ([{"f": T, "rows": {"estate": [estate("A", "50"), estate("B", "30")]}}], 2, 80),
        ([{"f": T, "rows": {"estate": [estate("A", "50")]}}, {"f": T, "rows": {"estate": [estate("A", "50")]}}], 1, 50),
        ([{"f": T, "rows": {"estate": [estate("A", "50")]}}, {"f": T, "rows": {"estate": [estate("A", "60")]}}], 1, U),
        ([{"f": T, "rows": {"estate": [estate("A", "50")]}}, {"f": F, "rows": {"estate": [estate("A", "60")]}}], 1, 50),
        ([{"f": T, "rows": {"estate": [estate("A", "50")]}}, {"f": F, "rows": {"estate": "not_answered"}}], 1, 50),
        ([{"f": T, "rows": {"estate": [estate("A", "50")]}}, {"f": U, "rows": {"estate": [estate("B", "1")]}}], U, U),
        ([{"f": T, "rows": {"estate": [estate("A", None)]}}], 1, U),
        ([{"f": T, "rows": {"estate": [estate("A", None)]}}, {"f": T, "rows": {"estate": [estate("A", "5")]}}], 1, U),
        ([{"f": T, "rows": {"estate": [estate(None, "50")]}}], U, U),
        ([{"f": T, "rows": {"estate": [estate(None, None, F)]}}], 0, 0),
        ([{"f": T, "rows": {"estate": "conflicting"}}], U, U),
    ],
)  # fmt: skip
def test_records_are_filtered_by_their_person_and_counted_once_per_key(
    people: list[dict[str, Any]], units: int | None, area: int | None
) -> None:
    got = table(RECORDS, [household({}, *people)])[0]
    assert (got["units"], got["floor"]) == (units, area)


def test_a_record_of_a_person_is_summed_for_that_person_and_read_by_the_household() -> None:
    made = {
        "person.own": measured("number", "sum(row.amount where row.amount > 0)"),
        "person.newest": measured("number", "latest(row.amount by row.day)"),
        "row.double": measured("number", "row.amount * 2 + household.x"),
    }
    formulas = {"most": "max(person.own)", "doubled": "sum(row.double)", "late": "max(person.newest)"}
    days = [{"amount": "3", "day": "2026-01-02"}, {"amount": "9", "day": "2026-02-02"}]
    people = ({"rows": {"row": days}}, {"rows": {"row": [{"amount": "4", "day": "2026-03-01"}]}})
    got = table(formulas, [household({"x": "1"}, *people)], rules=made)[0]
    assert got == {"most": 12, "doubled": 35, "late": 9}


@pytest.mark.parametrize(
    ("rows", "newest"),
    [
        ([("3", "2026-01-01"), ("5", "2026-02-01")], 5),
        ([("3", "2026-02-01"), ("5", "2026-02-01")], None),
        ([("3", "2026-02-01"), ("3", "2026-02-01")], 3),
        ([("3", "2026-02-01"), ("5", None)], None),
        ([(None, "2026-02-01"), ("5", "2026-01-01")], None),
        ([], None),
    ],
)
def test_latest_is_the_newest_row_and_unknown_where_two_newest_disagree(rows: list, newest: int | None) -> None:
    people = {"rows": {"row": [{"amount": amount, "day": day} for amount, day in rows]}}
    rules = {"person.newest": measured("number", "latest(row.amount by row.day)")}
    assert table({"late": "max(person.newest)"}, [household({}, people)], rules=rules)[0]["late"] == newest


EXCEEDS = {"over?": "known_exceeds(sum(person.n where person.f), household.x)"}


@pytest.mark.parametrize(
    ("amounts", "limit", "over"),
    [
        ([3, 4], 6, T), ([3, 4], 7, F), ([3, None], 2, T), ([3, None], 3, U), ([None, None], 0, U), ([], 0, F),
        ([], -1, T), ([3, 4], None, U), ([None], -1, T),
    ],
)  # fmt: skip
def test_known_exceeds_is_true_on_the_known_part_alone(
    amounts: list[int | None], limit: int | None, over: bool | None
) -> None:
    assert table(EXCEEDS, [household({"x": limit}, *({"n": n, "f": T} for n in amounts))])[0]["over"] is over


def test_known_exceeds_leaves_out_those_not_counted_and_doubts_those_not_known_to_count() -> None:
    def over(*people: dict[str, Any]) -> Any:
        return table(EXCEEDS, [household({"x": 5}, *people)])[0]["over"]

    assert over({"n": 9, "f": F}) is F
    assert over({"n": 9, "f": U}) is U
    assert over({"n": None, "f": F}, {"n": 6, "f": T}) is T
    assert over({"n": None, "f": F}, {"n": 5, "f": T}) is F


def test_aggregates_may_stand_inside_aggregates() -> None:
    formulas = {"some#": "count(where exists(row where row.ok) and person.f)"}
    people = (
        {"f": T, "rows": {"row": [row(T)]}},
        {"f": T, "rows": {"row": [row(F)]}},
        {"f": F, "rows": {"row": "not_answered"}},
    )
    assert table(formulas, [household({}, *people)])[0]["some"] == 1
