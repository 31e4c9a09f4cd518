"""Asking the engine: inputs gathered, the proposal made, and stored with what it was made from. The state stays."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import transaction

from doudi.audit.actions import record_act
from doudi.cases.actions.course import supersede
from doudi.cases.actions.intake import digest_of
from doudi.cases.actions.moving import check_before_opinion, locked, may_do
from doudi.cases.logic.discretion import with_choices
from doudi.cases.logic.stored import CHAIN, inputs_context, missing_data, problem_data, proposal_digest
from doudi.cases.models import Application, Assessment
from doudi.cases.queries.discretion import discretion_of
from doudi.core.actor import Actor
from doudi.core.vault import vault
from doudi.engine.case import canonical, read_case
from doudi.engine.errors import EngineError
from doudi.engine.proposal import Proposal
from doudi.engine.rulebook import Rulebook
from doudi.engine.run import decide
from doudi.lib.working_days import day_of
from doudi.matching.queries import CaseRequest, cases_for


def assess(*, actor: Actor, at: datetime.datetime, application: uuid.UUID, rulebook: Rulebook) -> Assessment:
    """The engine's proposal for one application, as of its day; it replaces an earlier one."""
    return assess_many(actor=actor, at=at, applications=[application], rulebook=rulebook)[0]


@transaction.atomic
def assess_many(
    *, actor: Actor, at: datetime.datetime, applications: Sequence[uuid.UUID], rulebook: Rulebook
) -> list[Assessment]:
    """Proposals in the order given; the lake is read once a feed. One that cannot be worked out says why in `problem`.

    Refused once somebody's opinion lies on the proposal.
    """
    may_do(actor, "cases.assess")
    rows = locked(actor, applications)
    for row in rows:
        check_before_opinion(row)
    asked_on = day_of(at)
    found = cases_for(rulebook, [CaseRequest(row.household_id, row.applied_on, row.number, asked_on) for row in rows])
    chosen = discretion_of([row.id for row in rows])
    cases = [with_choices(case, chosen.get(row.id, ())) for row, case in zip(rows, found, strict=True)]
    made = [_assessment(row, case, rulebook, actor, at) for row, case in zip(rows, cases, strict=True)]
    supersede(rows, at)
    Assessment.objects.bulk_create(made)
    record_act(
        actor=actor,
        verb="cases.assess",
        subjects=[("application", row.id) for row in rows] if len(rows) <= 10 else [],
        at=at,
        count=len(rows),
        digest=digest_of(rows),
    )
    return made


@dataclass(frozen=True, slots=True)
class _Result:
    proposal: Proposal | None
    problem: dict[str, Any] | None


def _decided(case: Mapping[str, Any], rulebook: Rulebook) -> _Result:
    """An error of this case is this case's, never the batch's."""
    try:
        return _Result(decide(rulebook, read_case(case, rulebook), chain=CHAIN, explain=False), None)
    except EngineError as error:
        return _Result(None, problem_data(error))


def _assessment(
    application: Application, case: Mapping[str, Any], rulebook: Rulebook, actor: Actor, at: datetime.datetime
) -> Assessment:
    inputs = canonical(case)
    result = _decided(case, rulebook)
    proposal = result.proposal
    made = Assessment(
        application=application,
        as_of=application.applied_on,
        rulebook_hash=rulebook.hash,
        chain=CHAIN,
        inputs_digest=sha256(inputs).hexdigest(),
        outcome=proposal.outcome if proposal else "undetermined",
        programme=(proposal.programme if proposal else None) or "",
        pending=(proposal.pending if proposal else None) or "",
        amount=proposal.amount if proposal else None,
        missing=missing_data(proposal.missing) if proposal else [],
        problem=result.problem,
        proposal_digest=proposal_digest(proposal) if proposal else "",
        assessed_by=actor.account_id,
        assessed_at=at,
    )
    made.inputs_enc = vault().encrypt(inputs_context(made.id), inputs)
    return made
