"""Asking every source about every member of a unit, for one or many units: one read of the lake a source."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from django.db import transaction

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.vault import vault
from doudi.engine.case import canonical
from doudi.engine.errors import EngineError
from doudi.engine.rulebook import Rulebook
from doudi.lib.working_days import day_of
from doudi.matching.logic.wanted import wanted_feeds
from doudi.matching.queries import CaseRequest, cases_for
from doudi.registry.actions.rows import insert_rows
from doudi.registry.models import Household
from doudi.registry.queries import keys_of
from doudi.verification.access import require
from doudi.verification.lifecycle import REQUESTED, transition
from doudi.verification.logic.answers import Held, PersonAnswer, answers_of, silent_when_empty
from doudi.verification.logic.comparing import Compared, comparisons, worked
from doudi.verification.logic.requests import CheckRequest
from doudi.verification.logic.sealing import inputs_context
from doudi.verification.models import Answer, Check, Comparison
from doudi.verification.queries.holdings import holdings

NAMED_SUBJECTS = 10
ANSWER = (
    "id", "check_made_id", "person_id", "seq", "is_member", "feed", "state", "reason", "data_on", "delivery",
    "received_at", "rows",
)  # fmt: skip
COMPARISON = ("id", "check_made_id", "seq", "subject", "person_id", "declared", "state")


def run_check(
    *,
    actor: Actor,
    at: datetime.datetime,
    household: uuid.UUID,
    as_of: datetime.date,
    rulebook: Rulebook,
    application: str = "",
) -> Check:
    """Check one unit."""
    request = CheckRequest(household, as_of, application)
    return run_checks(actor=actor, at=at, requests=[request], rulebook=rulebook)[0]


@transaction.atomic
def run_checks(
    *, actor: Actor, at: datetime.datetime, requests: Sequence[CheckRequest], rulebook: Rulebook
) -> list[Check]:
    """Check many units, in the order asked: every feed of the rulebook is asked about every person of their cases."""
    require(actor, "verification.request", {item.household for item in requests})
    checks = _requested(actor, at, requests, rulebook)
    asked_on = day_of(at)
    wanted = [CaseRequest(item.household, item.as_of, item.application, asked_on) for item in requests]
    cases = cases_for(rulebook, wanted)
    _answer(checks, cases, rulebook, at)
    named = {("household", check.household_id) for check in checks} | {("check", check.id) for check in checks}
    record_act(
        actor=actor, verb="verification.run_checks", at=at, count=len(checks),
        digest=sha256("".join(check.inputs_digest for check in checks).encode()).hexdigest(),
        subjects=sorted(named, key=str) if len(checks) <= NAMED_SUBJECTS else [],
    )  # fmt: skip
    return checks


def _requested(
    actor: Actor, at: datetime.datetime, requests: Sequence[CheckRequest], rulebook: Rulebook
) -> list[Check]:
    rows = Household.objects.filter(pk__in={i.household for i in requests}).values_list("id", "area_code", "kept_in")
    areas = {key: area or kept for key, area, kept in rows}
    return [
        Check(
            household_id=item.household,
            application=item.application,
            as_of=item.as_of,
            area_code=areas[item.household] or actor.area,
            state=REQUESTED,
            rulebook_hash=rulebook.hash,
            requested_by=actor.account_id,
            requested_by_name=actor.name,
            requested_at=at,
        )
        for item in requests
    ]


def _answer(
    checks: Sequence[Check], cases: Sequence[Mapping[str, Any]], rulebook: Rulebook, at: datetime.datetime
) -> None:
    """Store inputs, answers and comparisons of checks just requested."""
    feeds = wanted_feeds(rulebook)
    held = holdings(feeds)
    silent = silent_when_empty(rulebook)
    numbered = set(keys_of({uuid.UUID(person["id"]) for case in cases for person in case["persons"]}))
    answers: list[tuple[Any, ...]] = []
    compared: list[tuple[Any, ...]] = []
    for check, case in zip(checks, cases, strict=True):
        _seal(check, case, at)
        answers += _answer_rows(check, answers_of(case, feeds, held, silent, numbered), held)
        compared += _comparison_rows(check, _compared(rulebook, case))
    Check.objects.bulk_create(checks)
    insert_rows(Answer, ANSWER, answers)
    insert_rows(Comparison, COMPARISON, compared)


def _seal(check: Check, case: Mapping[str, Any], at: datetime.datetime) -> None:
    step = transition("answer", check.state)
    assert step is not None
    inputs = canonical(case)
    check.inputs_enc = vault().encrypt(inputs_context(check.id), inputs)
    check.inputs_digest = sha256(inputs).hexdigest()
    check.state, check.answered_at = step.after, at


def _answer_rows(check: Check, found: Sequence[PersonAnswer], held: Mapping[str, Held]) -> list[tuple[Any, ...]]:
    rows = []
    for item in found:
        source = held[item.feed]
        rows.append(
            (
                uuid.uuid4(), check.id, item.person, item.seq, item.is_member, item.feed, item.state, item.reason,
                source.data_on, source.delivery, source.received_at, item.rows,
            )
        )  # fmt: skip
    return rows


def _compared(rulebook: Rulebook, case: Mapping[str, Any]) -> list[Compared]:
    """Comparisons; none if the case does not fit the rulebook (a household outside its place)."""
    try:
        return comparisons(worked(rulebook, case))
    except EngineError:
        return []


def _comparison_rows(check: Check, found: Sequence[Compared]) -> list[tuple[Any, ...]]:
    return [
        (
            uuid.uuid4(), check.id, seq, item.subject, uuid.UUID(item.person) if item.person else None, item.declared,
            item.state,
        )
        for seq, item in enumerate(found)
    ]  # fmt: skip
