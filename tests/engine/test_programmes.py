"""Programmes by household and by person, requirements, chains that stop or pass, pending, not applicable, outcomes."""

from __future__ import annotations

from typing import Any

import pytest

from doudi.engine.case import read_case
from doudi.engine.proposal import Proposal
from doudi.engine.rulebook import Rulebook
from doudi.engine.run import decide
from tests.engine.small import BASIS, household, measured, programme, rule, rulebook_of, said, worked_out

T, F, U = True, False, None


def chain(*programmes: str, **more: Any) -> dict[str, Any]:
    return {"label": said("依次"), "programmes": list(programmes), "basis": BASIS, **more}


def proposal(book: Rulebook, case: dict) -> Proposal:
    worked_out(book, [case])
    return decide(book, read_case(case, book), chain="c")


def three(**more: Any) -> Rulebook:
    programmes = {name: programme(f"household.{name[0]}") for name in ("u_first", "q_second", "r_third")}
    return rulebook_of({}, programmes=programmes, chains={"c": chain("u_first", "q_second", "r_third", **more)})


@pytest.mark.parametrize(
    ("facts", "outcome", "chosen"),
    [
        ({"u": T}, "eligible", "u_first"),
        ({"u": F, "q": T}, "eligible", "q_second"),
        ({"u": F, "q": F, "r": T}, "eligible", "r_third"),
        ({"u": F, "q": F, "r": F}, "not_eligible", None),
        ({"u": U, "q": T}, "undetermined", None),
        ({"u": F, "q": U, "r": T}, "undetermined", None),
        ({"u": F, "q": F, "r": U}, "undetermined", None),
    ],
)
def test_a_chain_stops_at_the_first_eligible_or_undetermined_programme(
    facts: dict[str, Any], outcome: str, chosen: str | None
) -> None:
    got = proposal(three(), household(facts))
    assert (got.outcome, got.programme, got.pending) == (outcome, chosen, None)


def test_a_requirement_goes_before_everything_even_before_a_refusal() -> None:
    needed = [{"name": "signed", "when": "all(person.f where person.g)", "missing": said("授权")}]
    book = three(requires=needed)
    signed, unsigned = {"id": "a", "f": T, "g": T}, {"id": "b", "f": F, "g": T}
    nothing = {"u": F, "q": F, "r": F}
    assert proposal(book, household(nothing, signed)).outcome == "not_eligible"
    got = proposal(book, household(nothing, signed, unsigned, {"id": "c", "g": T}))
    assert got.outcome == "undetermined"
    assert {m.requirement for m in got.missing} == {"require__chain_c__signed"}
    assert [m.person for m in got.missing] == ["b", "c"]
    assert proposal(book, household({"u": T}, unsigned)).outcome == "undetermined"
    assert proposal(book, household(nothing)).outcome == "not_eligible"


def test_requirements_are_named_in_their_order() -> None:
    needed = [{"name": n, "when": f"household.{n}", "missing": said(n)} for n in ("q", "r")]
    book = rulebook_of({}, programmes={"one": programme("household.u", requires=needed)}, chains={"c": chain("one")})
    assert [m.requirement for m in proposal(book, household({"u": T, "q": F, "r": F})).missing] == ["require__one__q"]
    assert next(m.requirement for m in proposal(book, household({"u": T, "q": T})).missing) == "require__one__r"
    assert proposal(book, household({"u": T, "q": T, "r": T})).outcome == "eligible"


def passing() -> Rulebook:
    programmes = {
        "first": programme("household.u and household.colour in (红, 绿)", amount="household.x", recognition="no"),
        "second": programme("household.q", amount="household.y", recognition="no"),
    }
    own = chain("first", "second", pass_when_missing_only={"first": ["household.colour"]})
    return rulebook_of({}, programmes=programmes, chains={"c": own})


@pytest.mark.parametrize(
    ("facts", "outcome", "chosen", "pending"),
    [
        ({"u": T, "colour": "红", "q": T}, "eligible", "first", None),
        ({"u": T, "colour": "蓝", "q": T}, "eligible", "second", None),
        ({"u": T, "colour": U, "q": T}, "eligible", "second", "first"),
        ({"u": F, "colour": U, "q": T}, "eligible", "second", None),
        ({"u": U, "colour": U, "q": T}, "undetermined", None, None),
        ({"u": U, "colour": "红", "q": T}, "undetermined", None, None),
        ({"u": U, "colour": "蓝", "q": T}, "eligible", "second", None),
        ({"u": T, "colour": U, "q": F}, "undetermined", None, None),
        ({"u": T, "colour": U, "q": U}, "undetermined", None, None),
    ],
)
def test_an_undetermined_programme_lets_pass_when_only_the_named_facts_are_missing(
    facts: dict[str, Any], outcome: str, chosen: str | None, pending: str | None
) -> None:
    got = proposal(passing(), household(facts))
    assert (got.outcome, got.programme, got.pending) == (outcome, chosen, pending)
    if pending:
        assert [m.fact for m in got.missing] == ["household.colour"]


def test_a_programme_by_person_holds_for_a_household_of_a_holder_and_pays_each_holder() -> None:
    grant = measured("number", "case when person.g then 100 else 50 end") | {"unit": "yuan/month"}
    rules = {"person.grant": grant}
    one = programme("person.f", unit="person", amount="person.grant", recognition="no")
    book = rulebook_of(rules, programmes={"one": one}, chains={"c": chain("one")})
    got = proposal(book, household({}, {"f": T, "g": T}, {"f": T, "g": F}, {"f": F, "g": T}))
    assert (got.outcome, got.amount) == ("eligible", 150)
    assert proposal(book, household({}, {"f": F}, {"f": U})).outcome == "undetermined"
    assert proposal(book, household({}, {"f": F})).outcome == "not_eligible"


def test_a_place_may_recognise_by_household_what_the_nation_recognises_by_person() -> None:
    by_person = programme("person.f", unit="person")
    by_household = programme("all(person.f) and count(where person.f) > 0")
    book = rulebook_of(
        {}, programmes={"one": by_person}, chains={"c": chain("one")}, place_programmes={"one": by_household}
    )
    assert proposal(book, household({}, {"f": T}, {"f": F})).outcome == "not_eligible"
    assert proposal(book, household({}, {"f": T}, {"f": T})).outcome == "eligible"


def test_a_rule_may_read_another_programmes_outcome() -> None:
    programmes = {"one": programme("household.u"), "two": programme("outcome(one) = not_eligible and household.q")}
    book = rulebook_of({}, programmes=programmes, chains={"c": chain("two")})
    assert proposal(book, household({"u": F, "q": T})).outcome == "eligible"
    assert proposal(book, household({"u": T, "q": T})).outcome == "not_eligible"
    assert proposal(book, household({"u": U, "q": T})).outcome == "not_eligible"


def test_what_does_not_apply_is_blank() -> None:
    rules = {
        "household.per_head": rule("number", "household.x / household.size", not_applicable="household.size = 0"),
        "household.size": rule("integer", "count(where person.f)", unit="people"),
        "household.poor": rule("boolean", "case when household.size = 0 then false else household.per_head < 3 end"),
    }
    book = rulebook_of(rules)
    nobody, one = worked_out(book, [household({"x": 2}, {"f": F}), household({"x": 2}, {"f": T})])
    assert nobody == {"per_head": None, "size": 0, "poor": F}
    assert one == {"per_head": 2, "size": 1, "poor": T}


def test_a_place_replaces_single_rules_and_keeps_the_others() -> None:
    rules = {"household.one": rule("number", "household.x"), "household.two": rule("number", "household.one + 1")}
    book = rulebook_of(rules, place_rules={"household.one": rule("number", "household.x * 10")})
    assert worked_out(book, [household({"x": 2})]) == [{"one": 20, "two": 21}]
    assert book.quantities["household.one"].set_in == "990101"


def test_the_same_case_and_rulebook_give_the_same_bytes() -> None:
    import json

    book, case = passing(), household({"u": T, "colour": "红", "x": "3.10"})
    texts = {json.dumps(decide(book, read_case(case, book), chain="c").to_json(), sort_keys=True) for _ in range(3)}
    assert len(texts) == 1
