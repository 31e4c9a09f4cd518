"""The audit administrator's box: what came into the log today, and the way to the reading room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.audit.models import Entry
from doudi.core.actor import Actor
from doudi.core.consoles import AUDIT, ConsoleBox, ConsoleLine, consoles


@consoles.fill
def log_box(actor: Actor, at: datetime) -> Iterable[ConsoleBox]:
    """How many entries the last day brought, and how many refusals."""
    if actor.role != AUDIT:
        return
    lately = Entry.objects.filter(at__gt=at - timedelta(days=1))
    newest = Entry.objects.order_by("-at").values_list("at", flat=True).first()
    lines = (
        ConsoleLine(_("24 小时内的痕迹"), str(lately.count())),
        ConsoleLine(_("其中被拒绝"), str(lately.filter(outcome="refused").count())),
        ConsoleLine(_("最近一条"), f"{newest.astimezone():%Y-%m-%d %H:%M}" if newest else "—"),
    )
    yield ConsoleBox("log", _("痕迹"), lines, 10, reverse("audit:log"), _("去阅览室"))
