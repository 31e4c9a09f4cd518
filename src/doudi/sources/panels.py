"""The entry of the navigation, and the feeds as the system administrator sees them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.audit.panels import reason_words
from doudi.core.actor import Actor
from doudi.core.consoles import SYSTEM, ConsoleBox, ConsoleLine, consoles
from doudi.core.navigation import NavItem, navigation
from doudi.sources.models import Delivery
from doudi.sources.queries import feed_states, feeds


@navigation.fill
def deliveries_entry(actor: Actor | None) -> Iterable[NavItem]:
    """Deliveries, for who may read them."""
    if actor is not None and may(actor, "sources.read"):
        yield NavItem("deliveries", _("交付"), reverse("sources:overview"), 60)


@reason_words.fill
def feeds_called() -> Iterable[tuple[str, str]]:
    """The feeds that people, families and labels came from, as the log names them."""
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    yield from ((name, feed.label[lang]) for name, feed in feeds().items())


@consoles.fill
def feeds_box(actor: Actor, at: datetime) -> Iterable[ConsoleBox]:
    """Whether deliveries come in and are taken; by the technical name of the feed, never what is in them."""
    if actor.role != SYSTEM:
        return
    states = feed_states()
    refused = [one for one in states if one.refused is not None]
    lines = [
        ConsoleLine(_("约定的数据来源"), str(len(states))),
        ConsoleLine(_("还没有收到过"), str(sum(one.current is None for one in states))),
        ConsoleLine(_("最近一次被整份退回"), str(len(refused)), "late" if refused else "ok"),
    ]
    lines += [
        ConsoleLine(one.feed.name, f"{one.refused.received_at:%Y-%m-%d}", "late") for one in refused if one.refused
    ]
    newest = Delivery.objects.order_by("-received_at").values_list("received_at", flat=True).first()
    lines.append(ConsoleLine(_("最近一次收到"), f"{newest:%Y-%m-%d}" if newest else "—"))
    yield ConsoleBox("feeds", pgettext_lazy("console", "部门数据"), tuple(lines), 30)
