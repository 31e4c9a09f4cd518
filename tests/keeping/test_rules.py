"""The rules of keeping: what a file may say, and on which day something is due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.keeping.logic.rules import Rule, RulesError, rules_of
from doudi.keeping.queries import rules
from doudi.lib.months import add_months

TOLD = {"zh": "甲", "en": "a"}
WHOLE: dict[str, Any] = {
    "name": "x", "tables": ["t"], "what": TOLD, "moment": TOLD, "why": TOLD, "basis": TOLD, "mark": "V",
    "action": "delete", "months": 3,
}  # fmt: skip


def rule(**changes: Any) -> Rule:
    return rules_of({"rules": [{**WHOLE, **changes}]})[0]


def test_the_shipped_rules_can_be_read() -> None:
    found = {one.name: one for one in rules()}
    assert found["decision_inputs"].months == 60 and found["decision_inputs"].action == "empty"
    assert found["audit"].action == "keep" and found["audit"].last_due_moment(date(2100, 1, 1)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"mark": "x"}, {"action": "burn"}, {"months": -1}, {"days": 3}, {"action": "keep"}, {"what": {"zh": "甲"}},
        {"else": 1},
    ],
)  # fmt: skip
def test_a_rule_that_is_not_whole_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(RulesError, match="x"):
        rule(**change)


@pytest.mark.parametrize("data", [None, [], {"rules": None}, {"rules": [3]}, {"rules": [WHOLE, WHOLE]}, {"other": []}])
def test_a_file_that_holds_something_else_is_refused(data: Any) -> None:
    with pytest.raises(RulesError):
        rules_of(data)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 130), st.integers(-3, 3))
def test_a_thing_is_due_exactly_from_its_day_on(moment: date, months: int, days: int) -> None:
    due = add_months(moment, months)
    today = due + timedelta(days=days)
    limit = rule(months=months).last_due_moment(today)
    assert limit is not None
    assert (moment <= limit) == (today >= due)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 400))
def test_days_are_counted(moment: date, days: int) -> None:
    given_days = {key: value for key, value in WHOLE.items() if key != "months"} | {"days": days}
    one = rules_of({"rules": [given_days]})[0]
    assert one.last_due_moment(moment + timedelta(days=days)) == moment
