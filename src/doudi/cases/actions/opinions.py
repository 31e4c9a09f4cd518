"""Two people: a handler proposes an opinion on the engine's proposal, another agrees with it or sends it back."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import LAST_DAY, record_act, require_anchored
from doudi.cases.actions.moving import allowed, check_state, course_row, locked
from doudi.cases.logic.opinions import Proposed, Said, fault_of, may_review
from doudi.cases.logic.term import clock_of
from doudi.cases.models import Application, Assessment, CourseStep, Opinion, Review
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Missing, Refused, Stale
from doudi.core.holidays import HOLIDAYS
from doudi.lib.working_days import day_of
from doudi.rulebook.queries import by_hash

FAULTS = {
    "cases.facts_missing": _("事实还缺，不能同意或认定符合。请先按所列各项补齐，再重新计算。"),
    "cases.proposal_changed": _("系统建议已经更新，与您看到的不同。请重新打开建议再提意见。"),
    "cases.nothing_departs": _("填写的结论与系统建议相同。请选择“同意建议”。"),
    "cases.reason_missing": _("不同意系统建议要写明理由。请写好理由再提交。"),
    "cases.refusal_with_amount": _("结论是不符合，不能再填项目和金额。请清空。"),
    "cases.programme_unknown": _("没有选择救助项目。请从列表里选一个。"),
    "cases.amount_missing": _("这个项目要发钱，请填每月金额。"),
    "cases.amount_not_paid": _("这个项目只认定、不发钱。请清空金额。"),
    "cases.amount_not_positive": _("每月金额要大于零。请改正。"),
}


@transaction.atomic
def propose_opinion(
    *,
    actor: Actor,
    at: datetime.datetime,
    application: uuid.UUID,
    agrees: bool,
    outcome: str = "",
    programme: str = "",
    amount: Decimal | None = None,
    reason: str = "",
    assessment: uuid.UUID | None = None,
) -> Opinion:
    """A handler's opinion on the open proposal. `assessment` names the one the handler saw: Stale if it is no longer.

    Whoever agrees may leave outcome, programme and amount empty; whoever departs gives a reason. Nobody is admitted
    while facts are missing.
    """
    allowed(actor, "propose")
    row = locked(actor, [application])[0]
    check_state(row, "propose")
    seen = _open_assessment(row, assessment)
    said = Said(agrees, outcome, programme or "", amount, reason.strip())
    if agrees and not outcome:
        said = Said(True, seen.outcome, seen.programme, seen.amount, reason.strip())
    fault = fault_of(said, Proposed(seen.outcome, seen.programme, seen.amount), paying(seen))
    if fault is not None:
        raise (Stale if fault == "cases.proposal_changed" else Refused)(fault, FAULTS[fault])
    opinion = Opinion.objects.create(
        application=row,
        assessment=seen,
        agrees=said.agrees,
        outcome=said.outcome,
        programme=said.programme,
        amount=said.amount,
        reason=said.reason,
        proposed_by=actor.account_id,
        proposed_name=actor.name,
        proposed_at=at,
    )
    _moved(row, "propose", actor, at, said.reason)
    subjects = [("application", row.id), ("opinion", opinion.id)]
    record_act(actor=actor, verb="cases.propose_opinion", subjects=subjects, at=at, reason=said.reason)
    return opinion


@transaction.atomic
def review_opinion(
    *, actor: Actor, at: datetime.datetime, application: uuid.UUID, agrees: bool, reason: str = ""
) -> Review:
    """A second person agrees, or sends the opinion back with a reason. Never the person who proposed."""
    allowed(actor, "agree" if agrees else "send_back")
    row = locked(actor, [application])[0]
    check_state(row, "agree" if agrees else "send_back")
    opinion = Opinion.objects.select_for_update().get(application=row, closed_at__isnull=True)
    if not may_review(actor.account_id, opinion.proposed_by):
        raise Forbidden("cases.same_person", _("提意见的人不能复核自己的意见。请由另一位有复核权限的同事办理。"))
    if not agrees and not reason.strip():
        raise Malformed("cases.reason_missing", _("退回要写明理由：缺什么、怎么补。请写好后再提交。"))
    mark = require_anchored(going_on=LAST_DAY if _ends_today(row, day_of(at)) else "") if agrees else ""
    review = Review.objects.create(
        opinion=opinion,
        proposed_by=opinion.proposed_by,
        reviewed_by=actor.account_id,
        reviewed_name=actor.name,
        reviewed_at=at,
        agrees=agrees,
        reason=reason.strip(),
    )
    if not agrees:
        opinion.closed_at = at
        opinion.save(update_fields=["closed_at"])
    _moved(row, "agree" if agrees else "send_back", actor, at, reason)
    subjects = [("application", row.id), ("opinion", opinion.id), ("review", review.id)]
    record_act(actor=actor, verb="cases.review_opinion", subjects=subjects, at=at, reason=reason.strip(), mark=mark)
    return review


def _ends_today(row: Application, today: datetime.date) -> bool:
    """Whether its statutory clock ends on this very day: one that has ended is late already, and waits.

    So does one whose acceptance was written down later than it counts from: a day chosen afterwards opens nothing.
    """
    clock = clock_of(row.accepted_on, today, HOLIDAYS)
    if row.accepted_on is None or clock is None or clock.due_on != today:
        return False
    steps = CourseStep.objects.filter(application=row, move="accept").order_by("at")
    recorded = steps.values_list("at", flat=True).first()
    return recorded is not None and day_of(recorded) <= row.accepted_on


def paying(assessment: Assessment) -> dict[str, bool]:
    """The programmes an opinion may name, and whether each pays."""
    rulebook = by_hash(assessment.rulebook_hash)
    names = rulebook.chains[assessment.chain].programmes
    return {name: not rulebook.programmes[name].recognition for name in names}


def _open_assessment(row: Application, expected: uuid.UUID | None) -> Assessment:
    found = Assessment.objects.filter(application=row, superseded_at__isnull=True).first()
    if found is None:
        raise Missing("cases.not_assessed", _("还没有系统建议。请先计算建议。"))
    if expected is not None and found.id != expected:
        raise Stale("cases.proposal_changed", FAULTS["cases.proposal_changed"])
    return found


def _moved(row: Application, move: str, actor: Actor, at: datetime.datetime, reason: str) -> None:
    step = course_row(row, move, actor, at, day_of(at), reason=reason)
    row.save(update_fields=["state"])
    step.save()
