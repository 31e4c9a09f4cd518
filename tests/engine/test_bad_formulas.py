"""Bad formulas: each is refused with file, line, column, what to do in zh and en, and often a suggestion."""

from __future__ import annotations

import pytest

from tests.engine.bad import of_formula

START = 15
"""The column of the formula's first letter, after the quote."""

BAD = [
    ("household.incom > 3", "rule.name_unknown", 0, None),
    ("household.peple > 3", "rule.name_unknown", 0, "household.people"),
    ("hosehold.x > 1", "rule.name_unknown", 0, "household.x"),
    ("household.u.q", "rule.name_unknown", 0, None),
    ("household", "rule.name_unknown", 0, None),
    ("household.x > lin", "rule.name_unknown", 14, None),
    ("outcome(nothing) = eligible", "rule.name_unknown", 8, None),
    ("discretion(nothing)", "rule.name_unknown", 11, None),
    ("household.__class__ = 1", "rule.name_unknown", 0, None),
    ("household.x > 1 -- x", "rule.name_unknown", 19, None),
    ("household.x >", "rule.unexpected", 13, None),
    ("household.x > 1 1", "rule.unexpected", 16, None),
    ("(household.x > 1", "rule.unexpected", 16, None),
    ("household.x > 1)", "rule.unexpected", 15, None),
    ("household.x == 1", "rule.unexpected", 13, "="),
    ("household.x <> 1", "rule.unexpected", 13, "!="),
    ("household.x > 1 and", "rule.unexpected", 19, None),
    ("and household.u", "rule.unexpected", 0, None),
    ("household.colour in ()", "rule.unexpected", 21, None),
    ("1 < household.x < 3", "rule.unexpected", 16, None),
    ("household.x > (select 1)", "rule.unexpected", 22, None),
    ("sum(person.a, row.amount) > 1", "rule.unexpected", 12, None),
    ("household.x ! 1", "rule.character", 12, "not / !="),
    ("household.u && household.q", "rule.character", 12, "and"),
    ("household.u || household.q", "rule.character", 12, "or"),
    ("household.x > 1; drop table x", "rule.character", 15, None),
    ("household.u[0]", "rule.character", 11, None),
    ("household.x > {x}", "rule.character", 14, None),
    ("\u202ehousehold.u", "policy.unseen_character", 0, None),
    ("household.u\u200b", "policy.unseen_character", 11, None),
    ("household.x ＞ 1", "rule.full_width", 12, ">"),
    ("household.x > １", "rule.full_width", 14, "1"),
    ("household.u （household.q）", "rule.full_width", 12, "("),
    ("hоusehold.x > 1", "rule.look_alike", 1, "household.x"),
    ("household.х > 1", "rule.look_alike", 10, "household.x"),
    ("реrson.f", "rule.look_alike", 0, "person.f"),
    ("household.x > 1e3", "rule.number_malformed", 14, None),
    ("household.x > 1_000", "rule.number_malformed", 14, None),
    ("household.x > 0x10", "rule.number_malformed", 14, None),
    ("household.x > .5", "rule.number_malformed", 14, None),
    ("household.colour = '红", "rule.text_open", 19, None),
    ("household.u = 1", "rule.type_mismatch", 14, None),
    ("household.x = 红", "rule.type_mismatch", 14, None),
    ("household.colour > 红", "rule.type_mismatch", 17, None),
    ("household.x in (1)", "rule.type_mismatch", 0, None),
    ("not household.x", "rule.type_mismatch", 4, None),
    ("household.x + household.u > 1", "rule.type_mismatch", 14, None),
    ("case when household.x then true else false end", "rule.type_mismatch", 10, None),
    ("case when household.u then true else 1 end", "rule.type_mismatch", 37, None),
    ("sum(person.f) > 1", "rule.type_mismatch", 0, None),
    ("any(person.a)", "rule.type_mismatch", 0, None),
    ("age_on(household.x, as_of) > 1", "rule.type_mismatch", 7, None),
    ("coalesce(household.x, 红) > 1", "rule.type_mismatch", 22, None),
    ("known_exceeds(count(where person.f), 3)", "rule.type_mismatch", 14, None),
    ("area_at(household.area, town) = '990101'", "rule.type_mismatch", 0, None),
    ("household.x", "rule.type_mismatch", 0, None),
    ("'/etc/passwd' = 'x'", "rule.two_constants", 14, None),
    ("household.colour = 黄", "rule.code_unknown", 19, None),
    ("household.colour in (红, 黄)", "rule.code_unknown", 24, None),
    ("household.per_month > household.per_year", "rule.unit_mismatch", 20, None),
    ("household.per_month + household.per_year > 1", "rule.unit_mismatch", 20, None),
    ("monthly(household.x) > 1", "rule.unit_mismatch", 8, None),
    ("household.per_month * household.per_year > 1", "rule.unit_mismatch", 20, None),
    ("person.a > 1", "rule.out_of_scope", 0, None),
    ("row.amount > 1", "rule.out_of_scope", 0, None),
    ("known_exceeds(person.a, 3)", "rule.out_of_scope", 14, None),
    ("any(household.u)", "rule.no_aggregate_target", 0, None),
    ("sum(row.amount where estate.ok) > 1", "rule.several_records", 0, None),
    ("count(person.f) > 1", "rule.counts_no_value", 0, None),
    ("agee_on(household.d, as_of) > 1", "rule.function_unknown", 0, "age_on"),
    ("read_csv('/etc/passwd') = 1", "rule.function_unknown", 0, None),
    ("__import__('os')", "rule.function_unknown", 0, None),
    ("age_on(household.d) > 1", "rule.arguments", 0, None),
    ("least(household.x) > 1", "rule.arguments", 0, None),
    ("latest(row.amount) > 1", "rule.arguments", 0, None),
    ("round_to(household.x, household.y) > 1", "rule.step_not_constant", 22, None),
    ("round_to(household.x, 0) > 1", "rule.step_not_constant", 22, None),
    ("case when household.u then 1 end > 1", "rule.case_without_else", 29, None),
    ("household.x / household.y > 1", "rule.division", 12, None),
    ("household.x / 0 > 1", "rule.division", 12, None),
    ("1 / (household.n - 1) > 1", "rule.division", 2, None),
    ("case when household.y > -1 then household.x / household.y else 0 end > 1", "rule.division", 44, None),
    ("known_exceeds(sum(person.a), 3)", "rule.not_proved_positive", 0, None),
    ("(" * 33 + "household.u" + ")" * 33, "rule.too_deep", 32, None),
    ("not " * 40 + "household.u", "rule.too_deep", None, None),
    ("-" * 50 + "household.x > 1", "rule.too_deep", None, None),
    ("1" + " + household.x" * 100 + " > 1", "rule.too_deep", None, None),
    ("(" * 10_000 + "household.u" + ")" * 10_000, "rule.too_long", 0, None),
    ("household.u" + " " * 5_000, "rule.too_long", 0, None),
    ("household.u or " * 400 + "household.u", "rule.too_long", 0, None),
]


@pytest.mark.parametrize(("formula", "code", "column", "suggestion"), BAD, ids=[f[:40] for f, *_ in BAD])
def test_a_bad_formula_is_refused_where_it_is_bad(
    formula: str, code: str, column: int | None, suggestion: str | None
) -> None:
    error = of_formula(formula)[0]
    assert (error.code, error.where and error.where.file) == (code, "programmes/bad/rules.yaml")
    assert error.where is not None and error.where.line == 8
    if column is not None:
        assert error.where.column == START + column
    if suggestion is not None:
        assert error.suggestion == suggestion
    for lang in ("zh", "en"):
        assert error.message(lang).startswith("programmes/bad/rules.yaml:8:")
        assert "?" not in error.message(lang).partition(": ")[2].removesuffix("?")


def test_divisors_that_are_proved_not_zero_are_accepted() -> None:
    for formula in (
        "household.x / household.people > 1",
        "case when household.y = 0 then false else household.x / household.y > 1 end",
        "case when household.y > 0 then household.x / household.y > 1 else false end",
        "household.x / (household.n + 1) > 1",
        "household.x / greatest(household.y, 1) > 1",
    ):
        assert of_formula(formula) == [], formula
