"""Who is obliged to support a member, as the family names them; the proposal is made anew after."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.cases.actions.course import supersede
from doudi.cases.actions.moving import check_before_opinion, locked, may_do
from doudi.cases.logic.obligors import fault_of, put, without
from doudi.cases.models import Application
from doudi.core.actor import Actor
from doudi.core.errors import Malformed, Missing
from doudi.engine.rulebook import Rulebook
from doudi.registry.actions import record_obligors
from doudi.registry.logic.newcomers import NewObligors
from doudi.registry.logic.obligors import Obligor
from doudi.registry.queries import members, obligors_said

Said = tuple[Obligor, ...] | None
FAULTS = {
    "cases.obligor_unnamed": _("请写义务人的姓名。"),
    "cases.obligor_fact": _("规则不问这一项，或者没有这个选项。请刷新页面重新填写。"),
}


def put_obligor(
    *,
    actor: Actor,
    at: datetime.datetime,
    application: uuid.UUID,
    rulebook: Rulebook,
    person: uuid.UUID,
    obligor: Obligor,
) -> Application:
    """Add an obligor of a member, or change the one with the same id."""
    fault = fault_of(obligor, rulebook)
    if fault is not None:
        raise Malformed(fault, FAULTS[fault])
    return _declare(actor, at, application, [person], lambda said: put(said, obligor), "put_obligor")


def remove_obligor(
    *, actor: Actor, at: datetime.datetime, application: uuid.UUID, person: uuid.UUID, obligor: uuid.UUID
) -> Application:
    """Take an obligor off a member's list. Missing if it is not on it any more."""

    def taken_off(said: Said) -> Said:
        if all(one.id != obligor for one in said or ()):
            raise Missing("cases.no_such_obligor", _("没有这位义务人，可能已经移除。请从申请页重新打开。"))
        return without(said, obligor)

    return _declare(actor, at, application, [person], taken_off, "remove_obligor")


def declare_no_obligors(
    *, actor: Actor, at: datetime.datetime, application: uuid.UUID, persons: Sequence[uuid.UUID]
) -> Application:
    """The family says that nobody is obliged to support these members: an answer, unlike not having been asked."""
    if not persons:
        raise Malformed("cases.nothing_declared", _("没有填写任何一项。请至少填一项再提交。"))
    return _declare(actor, at, application, persons, lambda _said: (), "declare_no_obligors")


@transaction.atomic
def _declare(
    actor: Actor,
    at: datetime.datetime,
    application: uuid.UUID,
    persons: Sequence[uuid.UUID],
    changed: Callable[[Said], Said],
    verb: str,
) -> Application:
    """The application is locked first, so that two people at once do not lose each other's entries; what it has itself
    is changed, never what another says.
    """
    may_do(actor, "cases.enter")
    row = locked(actor, [application])[0]
    check_before_opinion(row)
    if not set(persons) <= {line.person_id for line in members(row.household_id, row.applied_on)}:
        raise Malformed("cases.obligor_whose", _("这个人不是这份申请的家庭成员。请刷新页面重新填写。"))
    said = obligors_said([(person, row.number) for person in persons], row.applied_on)
    statements = [
        NewObligors(person, changed(said.get((person, row.number))), row.applied_on, row.applicant_id, row.number)
        for person in dict.fromkeys(persons)
    ]
    record_obligors(actor=actor, at=at, statements=statements)
    supersede([row], at)
    record_act(actor=actor, verb=f"cases.{verb}", subjects=[("application", row.id)], at=at, count=len(statements))
    return row
