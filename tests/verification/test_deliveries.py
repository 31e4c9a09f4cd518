"""Checks over the real lake: what a department delivers is what the next check says."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from doudi.core.actor import Actor
from doudi.engine.rulebook import Rulebook
from doudi.registry.models import Person
from doudi.registry.queries import number_of
from doudi.sources.actions import receive_file
from doudi.verification.actions import run_check
from doudi.verification.models import Check
from doudi.verification.queries import report
from tests.verification.conftest import AT, BANK, DAY, Family

pytestmark = pytest.mark.django_db
LATER = AT + datetime.timedelta(days=20)


@pytest.fixture
def family(actor: Actor, person: Callable[..., uuid.UUID]) -> Family:
    """Without a lake in memory."""
    return Family(actor, person)


def deliver(actor: Actor, folder: Path, at: datetime.datetime, as_at: str, *lines: str) -> uuid.UUID:
    """A file of the banks, taken in through the front door."""
    path = folder / f"yinhang_jinrong_{as_at}.csv"
    path.write_text("\n".join(["证件号码,截止日,存款余额,理财余额", *lines]) + "\n", encoding="utf-8")
    made = receive_file(actor=actor, at=at, path=path, cutoff=datetime.date.fromisoformat(as_at))
    assert made.state == "accepted", made.problem
    return made.id


def numbered(person: uuid.UUID) -> str:
    return number_of(Person.objects.get(pk=person)) or ""


def test_a_new_delivery_answers_what_the_last_check_did_not(
    actor: Actor, family: Family, rulebook: Rulebook, tmp_path: Path
) -> None:
    def checked(at: datetime.datetime) -> Check:
        return run_check(actor=actor, at=at, household=family.unit, as_of=DAY, rulebook=rulebook)

    def bank(check: Check, person: uuid.UUID) -> tuple[str, str, int]:
        row = check.answers.get(feed=BANK, person=person)
        return row.state, row.reason, row.rows

    family.sign()
    first = checked(AT)
    assert {row.reason for row in first.answers.all()} == {"no_delivery"}
    mother, son = numbered(family.mother), numbered(family.son)
    deliver(actor, tmp_path, AT, "2026-06-30", f'{mother},2026-06-30,"76,543.21",0.00')
    second = checked(LATER)
    assert bank(second, family.mother) == ("answered", "", 1)
    assert bank(second, family.son) == ("not_answered", "no_row", 0)
    third_delivery = deliver(
        actor, tmp_path, LATER, "2026-07-31", f"{mother},2026-07-31,10.00,0.00", f"{son},2026-07-31,5.00,0.00"
    )
    third = checked(LATER + datetime.timedelta(days=1))
    row = third.answers.get(feed=BANK, person=family.son)
    assert (row.state, row.data_on, row.delivery) == ("answered", datetime.date(2026, 7, 31), third_delivery)
    kept = report(second.id, level="officer", lang="zh", rulebook=rulebook)
    assert any("76,543.21 元" in cell for table in kept.rows for line in table.rows for cell in line)
    assert kept.newer == third.id


def test_a_namesake_and_a_wrong_number_answer_for_nobody(
    actor: Actor, family: Family, rulebook: Rulebook, tmp_path: Path
) -> None:
    family.sign()
    right = numbered(family.son)
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    other = numbered(family.mother)
    deliver(actor, tmp_path, AT, "2026-06-30", f"{wrong},2026-06-30,5.00,0.00", f"{other},2026-06-30,1.00,0.00")
    check = run_check(actor=actor, at=AT, household=family.unit, as_of=DAY, rulebook=rulebook)
    assert check.answers.get(feed=BANK, person=family.son).state == "not_answered"
    assert check.answers.get(feed=BANK, person=family.mother).state == "answered"
