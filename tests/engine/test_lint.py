"""What `doudi policy check` refuses beyond each file by itself: with file, line, reason, suggestion, in zh and en."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from doudi.engine import lint
from doudi.engine.errors import PolicyError, PolicyErrors
from doudi.engine.examples import read_examples
from doudi.engine.lint_known import never_known
from doudi.engine.policy import load
from doudi.engine.rulebook import resolve
from doudi.site.cli import build
from tests.engine.all_functions import every_function
from tests.engine.small import PLACE, measured, programme, rule, rulebook_of, said, write, write_policy

SHIPPED = Path(__file__).resolve().parents[2] / "policy"
NOBODY = "max(person.a where person.f and not person.f)"
NEVER = {
    "the greatest of nobody": "max(person.a where false)",
    "the latest row of none": "sum(person.n) + max(person.a where false)",
    "compared with the greatest of nobody": "case when max(person.a where false) > 1 then 1 else 2 end",
    "the least with one that is never known": "least(household.x, min(person.a where false))",
    "summed where the condition is never known": "max(person.a where household.nobody > 1)",
    "a switch that is never on": "case when household.nobody > 1 then household.x else 1 end",
}
SOMETIMES = {
    "the greatest of those who count": "max(person.a where person.f)",
    "an assumption": "coalesce(max(person.a where false), 0)",
    "the other branch": "case when household.u then household.nobody else 1 end",
    "nobody to sum": "sum(person.n where false)",
    "false decides": "case when household.u and household.nobody > 1 then 1 else 2 end",
    "a fact": "household.x",
    "an untrue condition": NOBODY,
}


def found(root: Path, place: str = PLACE) -> list[PolicyError]:
    policy = load(root)
    return lint.faults(policy, resolve(policy, place), set())


@pytest.mark.parametrize("formula", NEVER.values(), ids=NEVER)
def test_a_rule_that_is_unknown_for_everyone_is_found_where_it_begins(formula: str) -> None:
    rules = {"household.nobody": rule("number", "max(person.a where false)"), "household.out": rule("number", formula)}
    begins = ["household.nobody"] if "nobody" in formula else ["household.nobody", "household.out"]
    assert never_known(rulebook_of(rules)) == begins


@pytest.mark.parametrize("formula", SOMETIMES.values(), ids=SOMETIMES)
def test_a_rule_that_is_unknown_for_some_is_right(formula: str) -> None:
    rules = {"household.nobody": rule("number", "max(person.a where false)"), "household.out": rule("number", formula)}
    assert never_known(rulebook_of(rules)) == ["household.nobody"]


def test_what_never_applies_is_unknown_for_everyone() -> None:
    rules = {"household.out": rule("number", "household.x", not_applicable="household.u or true")}
    assert never_known(rulebook_of(rules)) == ["household.out"]


def test_every_function_and_the_shipped_rules_can_be_known() -> None:
    assert never_known(every_function()) == []
    for place in ("", "990101", "50", "3301"):
        assert never_known(resolve(load(SHIPPED), place)) == []


def test_a_rule_of_a_place_that_replaces_nothing_is_refused_with_the_name_it_may_mean(tmp_path: Path) -> None:
    base = {"household.line_of_income": measured("number", "household.x")}
    root = write_policy(tmp_path, base, place_rules={"household.line_of_incme": measured("number", "household.y")})
    (error,) = found(root)
    assert (error.code, error.suggestion) == ("policy.replaces_nothing", "household.line_of_income")
    assert error.where is not None and error.where.file == f"places/{PLACE}/rules.yaml" and error.where.line > 1


def test_a_rule_of_a_place_that_something_reads_is_its_own(tmp_path: Path) -> None:
    base = {"household.out": measured("number", "household.x")}
    own = {
        "household.out": measured("number", "household.helping + 1"),
        "household.helping": measured("number", "household.y"),
    }
    assert found(write_policy(tmp_path, base, place_rules=own)) == []


def test_a_rule_of_a_place_that_a_place_within_it_reads_is_its_own(tmp_path: Path) -> None:
    root = write_policy(tmp_path, {"household.out": measured("number", "household.x")})
    write(root, "places/9901/rules.yaml", {"rules": {"household.helping": measured("number", "household.y")}})
    own = {"household.out": measured("number", "household.helping + 1")}
    write(root, f"places/{PLACE}/rules.yaml", {"rules": own})
    assert found(root, "9901") == [] == found(root)


@pytest.mark.parametrize(
    ("national", "local"),
    [(measured("number", "household.x"), rule("boolean", "household.u")),
     (rule("number", "household.per_month", unit="yuan/month"), rule("number", "1", unit="yuan/year"))],
)  # fmt: skip
def test_a_place_does_not_change_what_a_rule_is(tmp_path: Path, national: dict, local: dict) -> None:
    root = write_policy(tmp_path, {"household.out": national}, place_rules={"household.out": local})
    (error,) = found(root)
    assert error.code == "policy.kind_changed"
    assert "programmes/shared/rules.yaml" in error.message("zh") and "programmes/shared/rules.yaml" in error.message(
        "en"
    )


def test_a_figure_of_a_place_for_a_parameter_that_is_none_is_refused(tmp_path: Path) -> None:
    figure = {"area": PLACE, "from": "2026-01-01", "value": "1", "basis": {"document": "x"}}
    line = {"type": "number", "label": said("线"), "values": [{**figure, "area": "nation"}]}
    root = write_policy(tmp_path, {}, parameters={"income_line": line})
    write(root, f"places/{PLACE}/parameters.yaml", {"parameters": {"incme_line": {"values": [figure]}}})
    with pytest.raises(PolicyErrors) as caught:
        resolve(load(root), PLACE)
    (error,) = caught.value.errors
    assert (error.code, error.suggestion) == ("policy.parameter_unknown", "income_line")


def test_overlapping_days_are_refused(tmp_path: Path) -> None:
    figure = {"area": "nation", "value": "1", "basis": {"document": "x"}}
    values = [{**figure, "from": "2026-01-01", "to": "2026-12-31"}, {**figure, "from": "2026-07-01"}]
    line = {"type": "number", "label": said("线"), "values": values}
    with pytest.raises(PolicyErrors) as caught:
        resolve(load(write_policy(tmp_path, {}, parameters={"line": line})), "")
    assert [error.code for error in caught.value.errors] == ["policy.days_overlap"]


def tried(root: Path, **expect: Any) -> None:
    case = {"as_of": "2026-07-10", "household": {"u": "yes"}, "persons": []}
    write(
        root, "programmes/shared/examples.yaml", {"examples": [{"name": "a", "place": PLACE, **case, "expect": expect}]}
    )


def test_a_programme_without_an_example_is_refused(tmp_path: Path) -> None:
    root = write_policy(tmp_path, {}, programmes={"one": programme("household.u")})
    (error,) = lint.untried(load(root), read_examples(root))
    assert (error.code, error.where and error.where.file) == (
        "policy.programme_untried",
        "programmes/one/programme.yaml",
    )
    tried(root, programmes={"one": {"outcome": "eligible"}})
    assert lint.untried(load(root), read_examples(root)) == []
    tried(root, programme="one")
    assert lint.untried(load(root), read_examples(root)) == []


def test_the_command_says_each_fault_once_in_words_and_in_json(tmp_path: Path) -> None:
    root = write_policy(tmp_path, {"household.nobody": rule("number", "max(person.a where false)")})
    run = CliRunner()
    told = run.invoke(build(), ["policy", "check", "--policy", str(root), "--lang", "en"])
    assert told.exit_code == 1
    assert told.stderr.count("household.nobody is unknown for everyone") == 1
    assert told.stderr.startswith("programmes/shared/rules.yaml:3:")
    answer = run.invoke(build(), ["policy", "check", "--policy", str(root), "--json"])
    (fault,) = json.loads(answer.stdout)["errors"]
    assert (answer.exit_code, fault["code"], fault["line"]) == (1, "rule.never_known", 3)
