"""What a rule leaves to a person: chosen from the rulebook's list, with a reason; the proposal is made anew after."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.cases.actions.course import supersede
from doudi.cases.actions.moving import check_before_opinion, locked, may_do
from doudi.cases.logic.discretion import Chosen, fault_of
from doudi.cases.models import Discretion
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed
from doudi.engine.rulebook import Rulebook
from doudi.registry.queries import members

FAULTS = {
    "cases.discretion_unknown": _("规则里没有这个裁量事项。请刷新页面重新选择。"),
    "cases.choice_unknown": _("没有这个选项。请从列表里选一个。"),
    "cases.discretion_whose": _("裁量的对象不是这家的人。请刷新页面重新选择。"),
    "cases.reason_missing": _("裁量要写明理由。请写清事实和考虑。"),
}


@transaction.atomic
def choose_discretion(
    *, actor: Actor, at: datetime.datetime, application: uuid.UUID, rulebook: Rulebook, chosen: Sequence[Chosen]
) -> list[Discretion]:
    """Choices with their reasons; each replaces an earlier one of its point. The machine may not choose.

    Refused once somebody's opinion lies on the proposal. The reasons stay in their rows, out of the audit log.
    """
    if actor.role == "system":
        raise Forbidden("cases.a_person_decides", _("裁量由人作出，系统不能代替。请由有权限的工作人员办理。"))
    may_do(actor, "cases.choose")
    row = locked(actor, [application])[0]
    check_before_opinion(row)
    if not chosen:
        raise Malformed("cases.nothing_chosen", _("没有选择任何一项。请至少选一项再提交。"))
    people = {line.person_id for line in members(row.household_id, row.applied_on)}
    for one in chosen:
        fault = fault_of(one, rulebook, people)
        if fault is not None:
            raise Malformed(fault, FAULTS[fault])
        standing = Discretion.objects.filter(application=row, fact=one.fact, replaced_at__isnull=True)
        whose = Q(person__isnull=True) if one.person is None else Q(person_id=one.person)
        standing.filter(whose).update(replaced_at=at)
    made = Discretion.objects.bulk_create(
        Discretion(
            application=row,
            fact=one.fact,
            person_id=one.person,
            choice=one.choice,
            reason=one.reason.strip(),
            chosen_by=actor.account_id,
            chosen_name=actor.name,
            chosen_at=at,
        )
        for one in chosen
    )
    supersede([row], at)
    subjects = [("application", row.id), *(("discretion", one.id) for one in made)]
    record_act(actor=actor, verb="cases.choose_discretion", subjects=subjects, at=at, count=len(made))
    return made
