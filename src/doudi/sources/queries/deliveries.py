"""Deliveries: which are current, what they cover, how fresh each feed is, what was wrong."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from doudi.core.errors import Missing
from doudi.engine.feeds import Feed
from doudi.sources.logic.coverage import Coverage
from doudi.sources.models import Delivery
from doudi.sources.queries.agreements import feeds


@dataclass(frozen=True, slots=True)
class FeedState:
    """One feed and how fresh it is: its current delivery, and a later one that was refused."""

    feed: Feed
    current: Delivery | None
    refused: Delivery | None


def deliveries(feed: str | None = None) -> QuerySet[Delivery]:
    """Deliveries, newest first."""
    found = Delivery.objects.order_by("-received_at", "-id")
    return found if feed is None else found.filter(feed=feed)


def coverage(feed: str) -> Coverage | None:
    """What the current deliveries of a feed answer for; None when none was accepted."""
    current = list(Delivery.objects.filter(feed=feed, state="accepted").order_by("received_at"))
    if not current:
        return None
    newest = current[-1]
    cutoffs = [one.cutoff for one in current if one.cutoff]
    return Coverage(
        from_month=_earliest([one.from_month for one in current]),
        to_month=_latest([one.to_month for one in current]),
        cutoff=max(cutoffs, default=None),
        delivery=newest.id,
        received_at=newest.received_at,
    )


def _earliest(months: list[Any]) -> Any:
    return None if None in months else min(months)


def _latest(months: list[Any]) -> Any:
    return None if None in months else max(months)


def feed_states() -> list[FeedState]:
    """Every agreed feed by department."""
    newest: dict[tuple[str, str], Delivery] = {}
    for one in Delivery.objects.defer("report").filter(state__in=["accepted", "refused"]).order_by("received_at"):
        newest[one.feed, one.state] = one
    found = []
    for feed in sorted(feeds().values(), key=lambda one: (one.department, one.name)):
        current, refused = newest.get((feed.name, "accepted")), newest.get((feed.name, "refused"))
        if refused and current and refused.received_at <= current.received_at:
            refused = None
        found.append(FeedState(feed, current, refused))
    return found


def delivery_report(delivery: uuid.UUID) -> Delivery:
    """One delivery with its report; Missing if there is none."""
    found = Delivery.objects.filter(pk=delivery).first()
    if found is None:
        raise Missing("sources.no_such_delivery", _("没有这次交付。请从交付列表里选。"))
    return found


def problems(delivery: uuid.UUID) -> list[dict[str, Any]]:
    """{file, feed, row, column, cell, code, message{zh,en}}: why all was refused, or what was wrong by row."""
    found = delivery_report(delivery)
    listed = [found.problem] if found.problem else found.report.get("problems", [])
    return [
        {
            "file": found.file_name, "feed": found.feed, "row": one["row"], "column": one["column"],
            "cell": one["cell"], "code": one["code"], "message": {"zh": one["zh"], "en": one["en"]},
        }
        for one in listed
    ]  # fmt: skip
