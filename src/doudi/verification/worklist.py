"""Work of the verification officer: checks that wait for a conclusion."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from doudi.accounts.access import may
from doudi.core.actor import Actor
from doudi.core.worklist import WorkItem, worklist
from doudi.verification.access import checks_visible_to
from doudi.verification.queries.listed import listed

MOST_ITEMS = 200


@worklist.fill
def checks_to_conclude(actor: Actor, today: datetime.date) -> Iterable[WorkItem]:
    """The oldest first."""
    if actor.role == "system" or not may(actor, "verification.conclude"):
        return
    for check in listed(checks_visible_to(actor), "waiting")[:MOST_ITEMS]:
        head = check.household.head
        yield WorkItem(
            key=f"verification:{check.id}",
            subject_label=_("%(name)s 户") % {"name": head.name} if head else _("没有户主的家庭"),
            matter=check.application or _("家庭经济状况核对"),
            step=_("待出核对结论"),
            url=reverse("verification:check", args=[check.id]),
            action_label=_("看报告，出结论"),
            area_code=check.area_code,
            subjects=(("household", str(check.household_id)),),
        )
