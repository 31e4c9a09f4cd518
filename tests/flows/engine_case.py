"""The facts of `naive_rules` as the engine's CASE.json, and its rows of results: rules and engine alone, no lake."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from doudi.engine.case import read_case
from doudi.engine.outputs import row
from doudi.engine.outputs_reader import tables_for
from doudi.engine.policy import load
from doudi.engine.rulebook import resolve
from doudi.engine.run import decide
from tests.flows.naive_rules import Asked, Someone

POLICY = Path(__file__).parents[2] / "policy"
PLACE = "990101"


def rows_of(asked: list[Asked]) -> tuple[list[list[str]], list[list[str]]]:
    """(decisions, findings) as the county's tables have them."""
    rulebook = resolve(load(POLICY), PLACE)
    tables = tables_for(POLICY, PLACE, names=rulebook.quantities)
    decisions, findings = [], []
    for one in asked:
        proposal = decide(rulebook, read_case(case_of(one, set(rulebook.records)), rulebook), explain=False)
        given = {"application": one.number}
        decisions.append(list(row(tables["decisions"], proposal, given=given).values()))
        for member in one.members:
            told = row(tables["findings"], proposal, given={**given, "number": member.number}, person=member.number)
            findings.append(list(told.values()))
    return decisions, findings


def case_of(asked: Asked, records: set[str]) -> dict[str, Any]:
    people = [_person(one, asked, records) for one in asked.members]
    if asked.head not in {one.number for one in asked.members}:
        people.append(_person(Someone(asked.head), asked, records) | {"member": False})
    for person in people:
        person["hukou_type"] = "城镇" if asked.head_urban else "农村"
    obligors = {"unknown": "not_answered"} if asked.obligors == "不清楚" else asked.obligors
    household = {
        "head": asked.head,
        "area": asked.township + "201",
        "declared_other_income": _text(asked.other_income),
        "education_spending": _text(asked.education),
        "obligor_status": obligors,
    }
    return {"as_of": asked.day.isoformat(), "place": PLACE, "household": household, "persons": people}


def _person(one: Someone, asked: Asked, records: set[str]) -> dict[str, Any]:
    signed = one.number in asked.signed
    closed = one.age(asked.day) >= 18 and not signed
    rows: dict[str, Any] = {
        "wage": [{"month": f"{m // 100}-{m % 100:02d}", "amount": _text(y)} for m, y in one.wages],
        "pension": [
            {"scheme": scheme, "amount": _text(amount), "basic_amount": _text(basic), "state": state}
            for scheme, amount, basic, state in one.pensions
        ],
        "vehicle": [{"type": kind, "state": state} for kind, state in one.vehicles],
        "business": [
            {"type": kind, "registered_capital": _text(capital * 10_000), "state": state}
            for kind, capital, state in one.businesses
        ],
        "property": [
            {"unit_no": unit, "use": use, "floor_area": _text(area), "state": state}
            for unit, use, area, state in one.property
        ],
        "settlement": [
            {"visited_on": day.isoformat(), "kind": kind, "out_of_pocket": _text(paid)}
            for day, kind, paid in one.settlements
        ],
        "disability": [{"category": kind, "grade": grade, "state": state} for kind, grade, state in one.cards],
        "custody": [
            {"kind": "服刑", "from_on": begin.isoformat(), "to_on": end.isoformat()} for begin, end in one.custody
        ],
        "farm_subsidy": [{"paid_on": day.isoformat(), "amount": _text(yuan)} for day, yuan in one.subsidies],
        "schooling": [{"stage": stage} for stage in one.stages],
        "death": [{}] if one.dead else [],
        "bank_balance": [] if one.bank is None else [{"deposits": _text(one.bank), "wealth_products": "0"}],
        "hukou": [],
        "dibao_ledger": [],
    }
    if closed:
        rows["wage"] = rows["bank_balance"] = {"unknown": "not_permitted"}
    born = f"{one.number[6:10]}-{one.number[10:12]}-{one.number[12:14]}"
    return {
        "id": one.number,
        "born_on": born,
        "is_authorised": signed,
        "records": {name: found for name, found in rows.items() if name in records},
    }


def _text(value: Fraction) -> str:
    cents = value * 100
    assert cents.denominator == 1
    sign, cents = "-" if value < 0 else "", abs(cents)
    return f"{sign}{cents.numerator // 100}.{cents.numerator % 100:02d}"
