"""A made-up rulebook that uses every construct and function of the rule language at least once."""

from __future__ import annotations

from functools import cache
from typing import Any

from doudi.engine.rulebook import Rulebook
from tests.engine.small import BASIS, fact, measured, programme, rule, rulebook_of, said
from tests.engine.test_entities import COMPILED, LINE

NUMBERS = {
    "plus": "household.x + household.y - 3",
    "times": "household.x * household.y",
    "share": "household.x / 7",
    "guarded": "case when household.y = 0 then 0 else household.x / household.y end",
    "per_person": "household.x / household.people",
    "negative": "-household.x",
    "cents": "round_to(household.x / 3, 0.01)",
    "thirds": "round_to(household.x, 0.3)",
    "of_rounded": "household.x * round_to(household.y, 0.1) - round_up_to(household.z, 5) / 7",
    "up": "round_up_to(household.x / 3, 1)",
    "least_of": "least(household.x, household.y, 100)",
    "greatest_of": "greatest(household.x, household.y)",
    "chosen": "case when household.u then household.x when household.q and household.x > 0 then household.y else 5 end",
    "instead": "coalesce(household.x, household.y)",
    "sum_of": "sum(person.a where person.f)",
    "min_of": "min(person.a where person.f)",
    "max_of": "max(person.n)",
    "of_head": "household.head.a + household.head.own",
    "of_rows": "sum(row.amount where row.ok and person.f)",
    "of_state": "sum(row.amount where row.state = 现势 and row.day <= as_of)",
    "once": "sum(estate.size once per estate.unit_no where estate.ok and person.f)",
    "most_of_one": "max(person.own)",
    "newest": "max(person.newest)",
    "doubled": "sum(row.double where not person.g)",
    "figure": "line * household.x",
    "nested": "sum(person.own where exists(estate where estate.ok) or person.times > 1)",
}
CONDITIONS = {
    "mixed": "household.u and household.q or not household.r",
    "compared": "household.x / 3 < household.y / 7",
    "equal": "household.x = household.y",
    "unequal": "household.colour != 红",
    "one_of": "household.colour in (红, 蓝)",
    "none_of": "household.colour not in (红, 蓝)",
    "some": "any(person.g where person.f)",
    "each": "all(person.g where person.f)",
    "row_there": "exists(row where row.ok and row.amount > 20)",
    "row_each": "all(row.ok where row.day < household.d)",
    "exceeds": "known_exceeds(sum(person.n where person.f), household.x)",
    "month_here": "same_month(household.d, household.e)",
    "in_june": "household.m >= month_of(months_before(as_of, 12))",
    "in_county": "area_at(household.area, township) = '990101001'",
    "head_young": "age_on(household.head.born_on, as_of) < 60",
    "chosen_by_hand": "household.u and discretion(hardship)",
    "second_is_open": "outcome(one) = undetermined",
    "any_total": "any(person.total > 0 or person.there)",
}
COUNTS = {
    "grown": ("count(where age_on(person.born_on, as_of) >= 18)", "people"),
    "lines": ("count(row where row.state = 历史)", "none"),
    "units": ("count_distinct(estate.unit_no where estate.ok)", "none"),
    "months": ("full_months_between(household.d, household.e)", "months"),
    "kinds": ("count_distinct(person.a where person.f)", "none"),
    "last_codes": ("count(where person.last = 现势)", "people"),
}


HUE = "case when household.u then household.colour else 红 end"
SIGNED = [{"name": "signed", "when": "all(person.f where person.g)", "missing": said("授权")}]
FIGURES = [{"area": "nation", "from": "2019-01-01", "values": {"蓝": "7.25"}, "basis": BASIS[0]}]
LINES = {"line": {**LINE["line"], "values": [*LINE["line"]["values"], *FIGURES]}}


@cache
def every_function() -> Rulebook:
    rules: dict[str, Any] = {f"household.{n}": rule("number", f) for n, f in NUMBERS.items()}
    rules |= {f"household.{n}": rule("boolean", f) for n, f in CONDITIONS.items()}
    rules |= {f"household.{n}": rule("integer", f, unit=u) for n, (f, u) in COUNTS.items()}
    rules |= {
        "household.later": measured("date", "add_months(household.d, household.i)"),
        "household.day_of": measured("date", "case when household.u then household.d else household.e end"),
        "household.first_born": measured("date", "min(person.born_on where person.f)"),
        "household.last_born": measured("date", "max(person.born_on where person.f)"),
        "household.hue": {**measured("code", HUE), "codes": "household.colour"},
        "household.above": measured("area", "area_at(household.area, township)"),
        "household.monthly_part": {**measured("number", "monthly(household.per_year)"), "unit": "yuan/month"},
        "household.yearly_whole": {**measured("number", "yearly(household.per_month)"), "unit": "yuan/year"},
        "household.per_head": rule("number", "household.x / household.grown", not_applicable="household.grown = 0"),
        "person.own": measured("number", "sum(row.amount where row.ok)"),
        "person.newest": measured("number", "latest(row.amount by row.day where row.ok)"),
        "person.rank": measured("number", "case when person.f then household.x else person.a * 2 end"),
        "row.double": measured("number", "row.amount * 2 + household.x + person.n"),
    }  # fmt: skip
    facts = {**COMPILED, "household.discretion_hardship": fact("boolean", "discretion")}
    pay = {"amount": "household.monthly_part", "recognition": "no"}
    person_pay = {"amount": "person.grant", "recognition": "no", "unit": "person"}
    rules["person.grant"] = {**measured("number", "case when person.g then 100 else 50 end"), "unit": "yuan/month"}
    programmes = {
        "one": programme("household.u and household.colour in (红, 绿)", **pay, requires=SIGNED),
        "two": programme("person.f and household.q", **person_pay),
        "three": programme("household.exceeds or household.mixed"),
    }  # fmt: skip
    passes = {"one": ["household.colour"]}
    own = {"label": said("依次"), "programmes": list(programmes), "basis": BASIS, "pass_when_missing_only": passes}
    return rulebook_of(rules, facts=facts, parameters=LINES, programmes=programmes, chains={"c": own})
