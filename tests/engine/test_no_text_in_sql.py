"""No text of a rule reaches a database: names come from a checked vocabulary, values from typed literals."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from doudi.engine.policy import load
from doudi.engine.rulebook import Rulebook, resolve
from doudi.engine.sql import Statements
from tests.engine.all_functions import every_function
from tests.engine.bad import RULE, refusals
from tests.engine.small import fact, household, rule, rulebook_of, said, worked_out

EVIL = "x'); DROP TABLE result; --"
SHIPPED = Path(__file__).resolve().parents[2] / "policy"


PLACES = ["", *sorted(path.name for path in (SHIPPED / "places").iterdir() if path.is_dir())]
BOOKS = {**{f"shipped {place}": resolve(load(SHIPPED), place) for place in PLACES}, "all": every_function()}


def statements(rulebook: Rulebook) -> str:
    names = [q.name for q in rulebook.quantities.values() if q.entity == "household"]
    present: dict[str, set[str]] = {
        "household": {f.name for f in rulebook.facts.values() if f.entity == "household"},
        "person": {f.name for f in rulebook.facts.values() if f.entity == "person" and f.from_rows is None},
    } | {r.name: set(r.columns) for r in rulebook.records.values()}
    made = Statements(rulebook, date(2026, 7, 10), names, present)
    return "\n".join(made.render(lambda table: f"(FROM source_{table})"))


@pytest.mark.parametrize("rulebook", BOOKS.values(), ids=BOOKS)
def test_every_text_in_the_statements_is_a_declared_code_a_day_or_an_area(rulebook: Rulebook) -> None:
    codes = {code for f in rulebook.facts.values() for code in f.kind.codes or ()}
    codes |= {code for r in rulebook.records.values() for c in r.columns.values() for code in c.kind.codes or ()}
    codes |= {code for q in rulebook.quantities.values() for code in q.kind.codes or ()}
    codes |= {code for p in rulebook.parameters.values() for code in p.kind.codes or ()}
    for text in re.findall(r"'((?:[^']|'')*)'", statements(rulebook)):
        assert text in codes or re.fullmatch(r"[0-9-]*|month|parameter_gap:[a-z_]+", text), text


@pytest.mark.parametrize("rulebook", BOOKS.values(), ids=BOOKS)
def test_every_name_in_the_statements_is_of_small_letters_digits_and_dots(rulebook: Rulebook) -> None:
    for name in re.findall(r'"((?:[^"]|"")*)"', statements(rulebook)):
        assert re.fullmatch(r"[a-z0-9_.]+", name), name


@pytest.mark.parametrize("rulebook", BOOKS.values(), ids=BOOKS)
def test_outside_their_quotes_the_statements_are_plain_ascii_without_a_comment_or_a_second_statement(
    rulebook: Rulebook,
) -> None:
    bare = re.sub(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"", " ", statements(rulebook))
    assert bare.isascii()
    assert not re.search(r"--|/\*|;|\$|\bread_|\bCOPY\b|\bATTACH\b|\bINSTALL\b|\bLOAD\b|\bPRAGMA\b", bare)


def test_a_code_with_quotes_is_a_code_and_nothing_else() -> None:
    facts = {"household.label": fact("code", codes={EVIL: said("坏"), "good": said("好")})}
    book = rulebook_of({"household.out": rule("boolean", f'household.label = "{EVIL}"')}, facts=facts)
    found = worked_out(book, [household({"label": EVIL}), household({"label": "good"})])
    assert found == [{"out": True}, {"out": False}]


BAD_NAMES = [f'household.x"{EVIL}', f"household.{EVIL}", "household.x y", "household.x;", "household.收入"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_is_no_name_never_becomes_a_column(name: str) -> None:
    quoted = "'" + name.replace("'", "''") + "'"
    assert refusals(RULE.format(type="boolean", formula="household.u").replace("household.out", quoted))[0].code in (
        "policy.name_invalid",
    )
