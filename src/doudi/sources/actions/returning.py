"""The sender's file fetched with its problems: it holds people's data; the door of exports asks, marks and counts."""

from __future__ import annotations

import datetime
import uuid

from doudi.audit.actions import record_look
from doudi.core.actor import Actor
from doudi.sources.models import Delivery
from doudi.sources.queries.returned import annotated_file


def fetch_annotated_file(
    *, actor: Actor, at: datetime.datetime, delivery: uuid.UUID, lang: str = "zh", mark: str = "", full: bool = False
) -> bytes:
    """The file, numbers masked unless `full`. The original is cleared a day after the first time."""
    record_look(actor=actor, verb="sources.open_original", subjects=[("delivery", delivery)], at=at)
    _name, data = annotated_file(delivery, lang=lang, mark=mark, full=full)
    Delivery.objects.filter(pk=delivery, fetched_at__isnull=True).update(fetched_at=at)
    return data
