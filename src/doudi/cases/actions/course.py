"""Moving applications along before there is an opinion: accepted, verified, returned for what is missing."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.cases.actions.intake import digest_of
from doudi.cases.actions.moving import allowed, check_before_opinion, check_state, course_row, locked, may_do
from doudi.cases.logic.entries import Declared, as_text
from doudi.cases.models import Application, Assessment, CourseStep
from doudi.core.actor import Actor
from doudi.core.errors import Malformed, Refused
from doudi.engine.rulebook import Rulebook
from doudi.lib.working_days import day_of
from doudi.registry.actions import record_declarations
from doudi.registry.actions.rows import update_rows
from doudi.registry.logic.newcomers import NewDeclaration
from doudi.registry.queries import members
from doudi.verification.actions import run_check
from doudi.verification.models import Check


def accept_application(
    *, actor: Actor, at: datetime.datetime, application: uuid.UUID, on: datetime.date
) -> Application:
    """Accept an application: the clock starts. One returned and taken up again keeps its clock."""
    return accept_applications(actor=actor, at=at, applications=[application], on=on)[0]


@transaction.atomic
def accept_applications(
    *, actor: Actor, at: datetime.datetime, applications: Sequence[uuid.UUID], on: datetime.date | None = None
) -> list[Application]:
    """Accept many, each on the day given or, without one, on its day of application."""
    allowed(actor, "accept")
    rows = locked(actor, applications)
    steps = []
    for row in rows:
        check_state(row, "accept")
        day = on or row.applied_on
        if day < row.applied_on:
            raise Malformed("cases.accepted_before", _("受理日期早于申请日期。请改正受理日期。"))
        row.accepted_on = row.accepted_on or day
        steps.append(course_row(row, "accept", actor, at, day))
    _write("cases.accept_applications", rows, steps, actor, at, ["state", "accepted_on"])
    return rows


def record_verification(*, actor: Actor, at: datetime.datetime, application: uuid.UUID, check: Check) -> Application:
    """The family's means have been verified: the check the opinion will rest on."""
    return record_verifications(actor=actor, at=at, checks={application: check})[0]


@transaction.atomic
def record_verifications(
    *, actor: Actor, at: datetime.datetime, checks: Mapping[uuid.UUID, Check]
) -> list[Application]:
    """Checks of many applications. A check of another family is refused; a proposal made before is replaced by none."""
    allowed(actor, "verify")
    rows = locked(actor, list(checks))
    steps = []
    for row in rows:
        check_state(row, "verify")
        check = checks[row.id]
        if check.household_id != row.household_id:
            raise Refused("cases.check_of_another", _("这次核对不是这个家庭的。请重新选择。"))
        row.check_id = check.id
        steps.append(course_row(row, "verify", actor, at, day_of(at)))
    supersede(rows, at)
    _write("cases.record_verifications", rows, steps, actor, at, ["state", "check_id"])
    return rows


@transaction.atomic
def verify_application(
    *, actor: Actor, at: datetime.datetime, application: uuid.UUID, rulebook: Rulebook
) -> Application:
    """Run the check of an application's family against all feeds and record it."""
    allowed(actor, "verify")
    row = locked(actor, [application])[0]
    check_state(row, "verify")
    check = run_check(
        actor=actor,
        at=at,
        household=row.household_id,
        as_of=row.applied_on,
        rulebook=rulebook,
        application=row.number,
    )
    return record_verification(actor=actor, at=at, application=application, check=check)


@transaction.atomic
def return_application(*, actor: Actor, at: datetime.datetime, application: uuid.UUID, reason: str) -> Application:
    """Return an application for what is missing, once and whole: the reason names everything to be supplied."""
    allowed(actor, "return")
    row = locked(actor, [application])[0]
    check_state(row, "return")
    if not reason.strip():
        raise Malformed("cases.reason_missing", _("退回要写明理由：缺什么、怎么补。请写好后再提交。"))
    step = course_row(row, "return", actor, at, day_of(at), reason=reason)
    _write("cases.return_application", [row], [step], actor, at, ["state"], reason.strip())
    return row


@transaction.atomic
def supplement_application(
    *,
    actor: Actor,
    at: datetime.datetime,
    application: uuid.UUID,
    declared: Mapping[str, Declared],
    person: uuid.UUID | None = None,
) -> Application:
    """What the family has told since, of itself or of one member: declared facts, kept beside the earlier ones. The
    proposal is made anew after.
    """
    may_do(actor, "cases.enter")
    row = locked(actor, [application])[0]
    check_before_opinion(row)
    if not declared:
        raise Malformed("cases.nothing_declared", _("没有填写任何一项。请至少填一项再提交。"))
    if person is not None and person not in {line.person_id for line in members(row.household_id, row.applied_on)}:
        raise Malformed("cases.declared_of_another", _("这个人不是这份申请的家庭成员。请刷新页面重新填写。"))
    record_declarations(
        actor=actor,
        at=at,
        declarations=[
            NewDeclaration(
                fact=fact,
                value=as_text(value),
                said_on=row.applied_on,
                household=row.household_id if person is None else None,
                person=person,
                said_by=row.applicant_id,
                application=row.number,
            )
            for fact, value in declared.items()
        ],
    )
    supersede([row], at)
    subjects = [("application", row.id)]
    record_act(actor=actor, verb="cases.supplement_application", subjects=subjects, at=at, count=len(declared))
    return row


def supersede(rows: Sequence[Application], at: datetime.datetime) -> None:
    """No proposal stands for these applications any more."""
    Assessment.objects.filter(application__in=rows, superseded_at__isnull=True).update(superseded_at=at)


def _write(
    verb: str,
    rows: Sequence[Application],
    steps: Sequence[CourseStep],
    actor: Actor,
    at: datetime.datetime,
    fields: list[str],
    reason: str = "",
) -> None:
    update_rows(Application, ["id", *fields], [(row.id, *(getattr(row, name) for name in fields)) for row in rows])
    CourseStep.objects.bulk_create(steps)
    record_act(
        actor=actor,
        verb=verb,
        subjects=[("application", row.id) for row in rows] if len(rows) <= 10 else [],
        at=at,
        reason=reason,
        count=len(rows),
        digest=digest_of(rows) if len(rows) > 1 else "",
    )
