"""Bad policy files: shape, strict YAML, names, figures, facts. Each with its place, the way out, and quickly."""

from __future__ import annotations

import pytest

from doudi.engine.errors import PolicyErrors
from doudi.engine.policy import load
from doudi.engine.rulebook import resolve
from tests.engine.bad import RULE, refusals
from tests.engine.small import chain_of, programme, rule, write_policy

NO_CODE = {"pass_when_missing_only": {"one": ["household.x"]}}
AT_LEAST_ONE = "number\n    minimum: 1"
BY_COLOUR = "type: number, by: household.colour"
WINDOW = ", window: {column: mnth, months: 12, before: as_of}"
GOOD = RULE.format(type="boolean", formula="household.u")


def line(**more: str) -> str:
    """A parameter file with one value."""
    own = {"area": "nation", "from": "2026-01-01", "value": "1", "basis": "{document: x}"} | {
        k.rstrip("_"): v for k, v in more.items() if k in ("area", "from_", "to", "value", "values", "basis")
    }
    if "values" in more:
        own.pop("value")
    head = more.get("head", "type: number")
    cells = ", ".join(f"{k}: {v}" for k, v in own.items() if v)
    return f"parameters:\n  {more.get('name', 'line')}: {{{head}, label: {{zh: a, en: a}}, values: [{{{cells}}}]}}\n"


def fact(rest: str, name: str = "person.w", type: str = "money") -> str:
    return f"facts:\n  {name}: {{type: {type}, label: {{zh: a, en: a}}, meaning: {{zh: a, en: a}}, {rest}}}\n"


def rows(value: str = "sum(amount)", absent: str = "none", feed: str = "dept_row", more: str = "") -> str:
    return f"from: {{feed: {feed}, value: {value}, absent: {absent}{more}}}"


BAD: dict[str, tuple[str | bytes, str, int, str | None]] = {
    "a tab": ("rules:\n\thousehold.out: 1\n", "policy.yaml_malformed", 2, None),
    "an open quote": ("rules: {a: 'b\n", "policy.yaml_malformed", 2, None),
    "two colons": ("rules: a: b\n", "policy.yaml_malformed", 1, None),
    "a control character": ("rules: {a: \x00}\n", "policy.unseen_character", 1, None),
    "a rule twice": (GOOD + GOOD[7:], "policy.duplicate_key", 9, None),
    "a key twice": (GOOD.replace("    label", "    type: number\n    label"), "policy.duplicate_key", 4, None),
    "an alias": ("rules: *a\n", "policy.alias_refused", 1, None),
    "an anchor": (GOOD.replace("rules:", "rules: &x"), "policy.alias_refused", 1, None),
    "a tag": (GOOD.replace("type: b", "type: !!python/name:os.system b"), "policy.tag_refused", 3, None),
    "two documents": (GOOD + "---\n" + GOOD, "policy.several_documents", 9, None),
    "a list": ("- a\n- b\n", "policy.expected", 1, None),
    "a word": ("hello", "policy.expected", 1, None),
    "nothing": ("", "policy.expected", 1, None),
    "an empty section": ("rules:\n", "policy.expected", 1, None),
    "a list as key": ("rules: {[a]: b}\n", "policy.key_not_text", 1, None),
    "an unknown section": ("ruless: {}\n", "policy.key_unknown", 1, "rules"),
    "a deep list": ("rules: " + "[" * 10_000, "policy.nested_too_deep", 1, None),
    "a deep mapping": ("rules: " + "{a: " * 10_000, "policy.nested_too_deep", 1, None),
    "a megabyte": ("# " + "x" * 1_000_000, "policy.file_too_large", 1, None),
    "no UTF-8": (b"rules: \xff\xfe\n", "policy.not_utf8", 1, None),
    "an unknown key": (GOOD.replace("formula", "formulla"), "policy.key_unknown", 8, "formula"),
    "no type": (GOOD.replace("    type: boolean\n", ""), "policy.key_missing", 3, None),
    "no such type": (GOOD.replace("boolean", "boolaen"), "policy.type_unknown", 3, "boolean"),
    "no such unit": (GOOD.replace("boolean", "number\n    unit: yuan/day"), "policy.unit_unknown", 4, "yuan/year"),
    "no English": (GOOD.replace(", en: quantity", ""), "policy.translation_missing", 4, None),
    "empty English": (GOOD.replace("en: quantity", "en: ''"), "policy.translation_missing", 4, None),
    "a third language": (GOOD.replace("en: quantity", "en: q, fr: q"), "policy.key_unknown", 4, None),
    "a label as text": (GOOD.replace("{zh: 量, en: quantity}", "量"), "policy.expected", 4, None),
    "no basis": (GOOD.replace("    basis: [{document: 某办法, article: 第一条}]\n", ""), "policy.key_missing", 3, None),
    "a basis without document": (GOOD.replace("document: 某办法, ", ""), "policy.key_missing", 5, None),
    "no word for yes": (GOOD.replace("    yes: {zh: 是, en: yes}\n", ""), "policy.key_missing", 3, None),
    "a formula as mapping": (GOOD.replace("household.u\n", "{a: b}\n"), "policy.expected", 8, None),
    "no formula": (GOOD.replace("    formula: household.u\n", ""), "policy.expected", 3, None),
    "a formula in a truth of YAML": (GOOD.replace("household.u\n", "on\n"), "rule.name_unknown", 8, None),
    "a sensitivity nobody knows": (GOOD + "    sensitivity: secret\n", "policy.word_unknown", 9, None),
    "codes of nothing": (GOOD.replace("boolean", "code\n    codes: person.knd"), "rule.name_unknown", 3, "person.kind"),
    "a capital in a name": (GOOD.replace("household.out", "household.Out"), "policy.name_invalid", 2, None),
    "a name without owner": (GOOD.replace("household.out", "out"), "policy.name_invalid", 2, None),
    "a path as name": (GOOD.replace("household.out", "'../../etc/passwd'"), "policy.name_invalid", 2, None),
    "SQL as name": (GOOD.replace("household.out", "'household.x\"; drop'"), "policy.name_invalid", 2, None),
    "no such owner": (GOOD.replace("household.out", "hosehold.out"), "policy.entity_unknown", 3, "household"),
    "a path as owner": (GOOD.replace("household.out", "read_parquet.out"), "policy.entity_unknown", 3, None),
    "a reserved name": (GOOD.replace("household.out", "household.head"), "policy.name_reserved", 2, None),
    "a generated name": (GOOD.replace("household.out", "household.a__b"), "policy.name_reserved", 2, None),
    "a fact as rule": (GOOD.replace("household.out", "household.u"), "policy.fact_is_not_replaced", 3, None),
    "a number with exponent": (GOOD.replace("boolean", "number\n    minimum: 1e3"), "policy.number_malformed", 4, None),
    "itself": (RULE.format(type="boolean", formula="household.out"), "rule.cycle", 3, None),
    "a promise not kept": (RULE.format(type=AT_LEAST_ONE, formula="household.x"), "rule.minimum_not_proved", 9, None),
    "a month that is none": (line(from_="2026-13-01"), "policy.date_malformed", 2, None),
    "a hexadecimal figure": (line(value="0x10"), "policy.number_malformed", 2, None),
    "an octal figure": (line(value="0123"), "policy.number_malformed", 2, None),
    "a sexagesimal figure": (line(value="12:30"), "policy.number_malformed", 2, None),
    "on as figure": (line(value="on"), "policy.number_malformed", 2, None),
    "infinity": (line(value=".inf"), "policy.number_malformed", 2, None),
    "a figure as truth": (line(head="type: boolean", value="3"), "policy.boolean_malformed", 2, None),
    "half a whole number": (line(head="type: integer", value="1.5"), "policy.expected", 2, None),
    "a figure below its minimum": (line(head="type: number, minimum: 0", value="-3"), "policy.out_of_bounds", 2, None),
    "an end before the beginning": (line(to="2025-01-01"), "policy.ends_before_it_begins", 2, None),
    "no such area": (line(area="99010"), "policy.place_malformed", 2, None),
    "a figure without basis": (line(basis=""), "policy.expected", 2, None),
    "a capital parameter": (line(name="Line"), "policy.plain_name_invalid", 2, None),
    "a word of formulas as parameter": (line(name="case"), "policy.plain_name_invalid", 2, None),
    "by nothing": (line(head="type: number, by: household.nope"), "rule.name_unknown", 2, None),
    "by an unknown code": (line(head=BY_COLOUR, values="{黄: 3}"), "rule.code_unknown", 2, None),
    "by a code but one value": (line(head=BY_COLOUR), "policy.expected", 2, None),
    "no such level": (line(head="type: number, set_by: [town]"), "policy.key_unknown", 2, "township"),
    "set by who may not": (line(head="type: number, set_by: [county]"), "policy.may_not_set", 2, None),
    "no such feed": (fact(rows(feed="dept_rwo")), "policy.feed_unknown", 2, "dept_row"),
    "a path as feed": (fact(rows(feed="/etc/passwd")), "policy.feed_unknown", 2, None),
    "no such column": (fact(rows(value="sum(amuont)")), "rule.name_unknown", 2, "row.amount"),
    "no such window column": (fact(rows(more=WINDOW)), "policy.column_unknown", 2, "month"),
    "an absence that is neither": (fact(rows(absent="zero")), "policy.expected", 2, None),
    "rows without aggregate": (fact(rows(value="amount")), "policy.expected", 2, None),
    "a sum as truth": (fact(rows(), type="boolean"), "rule.type_mismatch", 2, None),
    "rows of a household": (fact(rows(), name="household.w"), "policy.entity_of_fact", 2, None),
    "a fact of nobody": (fact("source: declared", name="dept.w"), "policy.entity_of_fact", 2, None),
    "a fact from a guess": (fact("source: guess"), "policy.word_unknown", 2, None),
    "a code without codes": (fact("source: declared", type="code"), "policy.key_missing", 2, None),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code", "at", "suggestion"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_where_it_is_bad(text: str | bytes, code: str, at: int, suggestion: str | None) -> None:
    error = refusals(text)[0]
    assert (error.code, error.where and error.where.line) == (code, at)
    if suggestion is not None:
        assert error.suggestion == suggestion
    for lang in ("zh", "en"):
        assert error.message(lang).startswith("programmes/bad/rules.yaml:")
        assert "{" not in error.message(lang).replace("values: {", "").replace("{column", "")


def test_a_good_file_is_accepted_and_says_what_yaml_readers_often_misread() -> None:
    assert refusals(GOOD) == []
    assert refusals("\ufeff" + GOOD) == []
    assert refusals(line(value="'0.7'")) == []


def test_all_faults_are_reported_together(tmp_path: object) -> None:
    errors = refusals(
        RULE.format(type="boolean", formula="household.nope")
        + RULE.format(type="boolean", formula="household.x")[7:].replace("out", "out2")
    )
    assert [e.code for e in errors] == ["rule.name_unknown", "rule.type_mismatch"]


def test_a_circle_of_rules_is_named_whole(tmp_path) -> None:
    rules = {f"household.{a}": rule("number", f"household.{b} + 1") for a, b in ("kl", "lo", "ok")}
    with pytest.raises(PolicyErrors) as caught:
        resolve(load(write_policy(tmp_path, rules)), "990101")
    assert [e.code for e in caught.value.errors] == ["rule.cycle"]
    assert "household.k → household.l → household.o → household.k" in caught.value.message("zh")


def test_a_thousand_rules_in_a_row_are_refused_and_not_followed(tmp_path) -> None:
    rules = {f"household.k{i}": rule("number", f"household.k{i + 1} + 1") for i in range(300)}
    rules["household.k300"] = rule("number", "household.x")
    with pytest.raises(PolicyErrors) as caught:
        resolve(load(write_policy(tmp_path, rules)), "990101")
    assert caught.value.errors[0].code == "rule.depends_too_deep"


def test_what_does_not_apply_must_be_excluded_where_it_is_used(tmp_path) -> None:
    rules = {
        "household.share": rule("number", "household.x / household.size", not_applicable="household.size = 0"),
        "household.size": rule("integer", "count(where person.f)", unit="people"),
        "household.used": rule("number", "household.share + 1"),
    }
    with pytest.raises(PolicyErrors) as caught:
        resolve(load(write_policy(tmp_path, rules)), "990101")
    assert [e.code for e in caught.value.errors] == ["rule.not_applicable_input"]
    assert "household.size = 0" in caught.value.errors[0].message("zh")


@pytest.mark.parametrize(
    ("programmes", "chains", "code"),
    [
        ({"one": programme("household.nope")}, {}, "rule.name_unknown"),
        ({"one": programme("household.x")}, {}, "rule.type_mismatch"),
        ({"one": programme("household.u", unit="village")}, {}, "policy.expected"),
        ({"one": programme("outcome(one) = eligible")}, {}, "rule.cycle"),
        ({"one": programme("household.u")}, {"c": chain_of("two")}, "policy.programme_unknown"),
        ({"one": programme("household.u")}, {"c": chain_of("one", **NO_CODE)}, "rule.name_unknown"),
    ],
)  # fmt: skip
def test_bad_programmes_and_chains_are_refused(tmp_path, programmes: dict, chains: dict, code: str) -> None:
    with pytest.raises(PolicyErrors) as caught:
        resolve(load(write_policy(tmp_path, {}, programmes=programmes, chains=chains)), "990101")
    assert caught.value.errors[0].code == code


@pytest.mark.parametrize("place", ["9901011", "yunxi", "../50", "９９"])
def test_a_place_that_is_none_is_refused(tmp_path, place: str) -> None:
    with pytest.raises(PolicyErrors) as caught:
        resolve(load(write_policy(tmp_path, {})), place)
    assert caught.value.errors[0].code == "policy.place_malformed"


def test_a_folder_that_is_none_is_refused(tmp_path) -> None:
    with pytest.raises(PolicyErrors) as caught:
        load(tmp_path / "nothing")
    assert caught.value.errors[0].code == "policy.not_a_folder"
