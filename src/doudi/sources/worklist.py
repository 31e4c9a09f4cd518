"""Work for who takes deliveries in: a feed whose last delivery was refused."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from doudi.accounts.access import may
from doudi.core.actor import Actor
from doudi.core.worklist import WorkItem, worklist
from doudi.sources.queries import feed_states


@worklist.fill
def refused_deliveries(actor: Actor, today: datetime.date) -> Iterable[WorkItem]:
    """One item a feed, until a good delivery comes."""
    if not may(actor, "sources.receive"):
        return
    language = "en" if (get_language() or "").startswith("en") else "zh"
    for state in feed_states():
        if state.refused is not None:
            yield WorkItem(
                key=f"delivery-{state.refused.id}",
                subject_label=state.feed.supplier[language],
                matter=state.feed.label[language],
                step=_("交付没有收下，请部门重新传送"),
                url=reverse("sources:report", args=[state.refused.id]),
                action_label=_("看问题"),
            )
