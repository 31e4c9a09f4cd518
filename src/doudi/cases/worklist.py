"""What waits for whom: the next act on each application, due when its working days run out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.cases.access import applications_visible_to
from doudi.cases.logic.term import clock_of
from doudi.cases.models import STATE_LABELS, Application, Opinion
from doudi.core.actor import Actor
from doudi.core.holidays import HOLIDAYS
from doudi.core.worklist import WorkItem, worklist

MOST = 500
ACTS = {
    "entered": ("cases:application", _("受理")),
    "accepted": ("cases:application", _("去核对")),
    "verified": ("cases:application", _("提意见")),
    "returned": ("cases:application", _("继续办理")),
    "proposed": ("cases:review", _("复核")),
}


def waiting_for(actor: Actor) -> QuerySet[Application]:
    """Applications of the area whose next act is for the actor's role; nobody reviews their own opinion."""
    states = Q(pk__in=[])
    if may(actor, "cases.accept"):
        states |= Q(state__in=["entered", "accepted", "returned"])
    if may(actor, "cases.propose"):
        states |= Q(state="verified")
    rows = applications_visible_to(actor)
    if may(actor, "cases.review"):
        own = Opinion.objects.filter(proposed_by=actor.account_id, closed_at__isnull=True).values("application_id")
        states |= Q(state="proposed") & ~Q(pk__in=own)
    return rows.filter(states)


@worklist.fill
def work(actor: Actor, today: date) -> Iterable[WorkItem]:
    """Work items of applications, the longest accepted first."""
    rows = waiting_for(actor).select_related("applicant").order_by("accepted_on", "applied_on", "number")
    # looked up once and not for each of hundreds of rows
    steps = {state: str(label) for state, label in STATE_LABELS.items()}
    acts = {state: (address, str(label)) for state, (address, label) in ACTS.items()}
    matter = str(_("申请 %(number)s"))
    due = cache(lambda accepted_on: clock_of(accepted_on, today, HOLIDAYS))
    for row in rows[:MOST]:
        clock = due(row.accepted_on)
        address, label = acts[row.state]
        yield WorkItem(
            key=f"cases:{row.number}",
            subject_label=row.applicant.name or row.applicant.number_masked,
            matter=matter % {"number": row.number},
            step=steps[row.state],
            url=reverse(address, args=[row.id]),
            action_label=label,
            due_on=clock.due_on if clock else None,
            area_code=row.area_code,
            subjects=(("application", str(row.id)),),
        )
