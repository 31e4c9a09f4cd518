"""What waits with rules: a draft to approve for whoever approves, a returned one for its author."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from doudi.accounts.access import may
from doudi.core.actor import Actor
from doudi.core.worklist import WorkItem, worklist
from doudi.rulebook.access import within_area
from doudi.rulebook.models import Draft

MOST = 50


@worklist.fill
def drafts(actor: Actor, today: date) -> Iterable[WorkItem]:
    """Drafts whose next act is the actor's."""
    rows = Draft.objects.none()
    if may(actor, "rulebook.approve") and actor.role != "system":
        rows = within_area(actor, Draft.objects.filter(state="submitted")).exclude(author_id=actor.account_id)
    elif may(actor, "rulebook.edit"):
        rows = Draft.objects.filter(state="returned", author_id=actor.account_id)
    for row in rows.only("title", "place", "state").order_by("saved_at")[:MOST]:
        yield WorkItem(
            key=f"rulebook:{row.id}",
            subject_label=row.title,
            matter=_("规则草稿"),
            step=str(row.get_state_display()),
            url=reverse("rulebook:draft", args=[row.id]),
            action_label=_("去批准") if row.state == "submitted" else _("去修改"),
            area_code=row.place,
        )
