"""Work: requests that wait for a second person, and one's own that may be fetched now."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from doudi.accounts.access import may
from doudi.core.actor import Actor
from doudi.core.clock import day_of, now
from doudi.core.worklist import WorkItem, worklist
from doudi.exports.models import Approval

MOST = 50


@worklist.fill
def waiting_exports(actor: Actor, today: datetime.date) -> Iterable[WorkItem]:
    """One item a request, until it is answered, fetched or has run out."""
    rows = Approval.objects.filter(until__gt=now()).order_by("until")
    if may(actor, "exports.approve") and actor.role != "system":
        waiting = rows.filter(state="waiting", area_code__startswith=actor.area).exclude(asked_by=actor.account_id)
        for row in waiting[:MOST]:
            yield _item(row, row.asked_name, _("等您同意导出"), _("看申请"))
    for row in rows.filter(state="approved", asked_by=actor.account_id)[:MOST]:
        yield _item(row, row.decided_name, _("已同意导出，可以取了"), _("去取"))


def _item(row: Approval, who: str, step: str, act: str) -> WorkItem:
    matter = _("导出 %(persons)s 人的信息") % {"persons": row.persons}
    address = reverse("exports:approval", args=[row.id])
    return WorkItem(f"export-{row.id}", who, matter, step, address, act, day_of(row.until), row.area_code)
