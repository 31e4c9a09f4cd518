"""How every act on applications begins and ends: who may, where, in which state; the new state and its course row."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.cases.access import elsewhere
from doudi.cases.lifecycle import BEFORE_OPINION, MOVES, may_follow
from doudi.cases.models import STATE_LABELS, Application, CourseStep
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Refused


def allowed(actor: Actor, move: str) -> None:
    """The actor's role may make this move; what a person must do the machine may not."""
    rule = MOVES[move]
    if rule.by_a_person and actor.role == "system":
        raise Forbidden("cases.a_person_decides", _("意见和复核由人作出，系统不能代替。请由有权限的工作人员办理。"))
    may_do(actor, rule.permission)


def may_do(actor: Actor, permission: str) -> None:
    """The actor's role holds a permission."""
    if not may(actor, permission):
        raise Forbidden("cases.role", _("您现在的身份不能办理这一步。请由有权限的同事办理。"), permission=permission)


def locked(actor: Actor, ids: Sequence[uuid.UUID]) -> list[Application]:
    """The applications in the order asked, locked; Forbidden like `access`."""
    rows = Application.objects.select_for_update(of=("self",)).filter(pk__in=list(ids)).order_by("pk")
    found = {row.id: row for row in rows.select_related("household")}
    if any(key not in found for key in ids) or any(not actor.covers(row.area_code) for row in found.values()):
        raise elsewhere()
    return [found[key] for key in ids]


def check_state(application: Application, move: str) -> None:
    """Refused when the move may not be made now."""
    if not may_follow(application.state, move):
        raise _wrong_state(application)
    needs = MOVES[move].needs
    if ("acceptance" in needs and application.accepted_on is None) or (
        "verification" in needs and application.check_id is None
    ):
        raise Refused("cases.not_verified", _("还没有受理或核对，不能提意见。请先受理并完成核对。"))


def check_before_opinion(application: Application) -> None:
    """Refused once somebody's opinion lies on the proposal."""
    if application.state not in BEFORE_OPINION:
        raise _wrong_state(application)


def _wrong_state(application: Application) -> Refused:
    return Refused(
        "cases.wrong_state",
        _("这份申请现在是“%(state)s”，不能办这一步。请刷新页面看最新进展。")
        % {"state": STATE_LABELS[application.state]},
        state=application.state,
    )


def course_row(
    application: Application, move: str, actor: Actor, at: datetime.datetime, on: datetime.date, reason: str = ""
) -> CourseStep:
    """Brings the application to the state the move ends in (unsaved) and returns the row of its course (unsaved)."""
    application.state = MOVES[move].ends
    return CourseStep(
        application=application,
        move=move,
        ended_in=application.state,
        on=on,
        at=at,
        account_id=actor.account_id,
        account_name=actor.name,
        role=actor.role,
        reason=reason.strip(),
    )
