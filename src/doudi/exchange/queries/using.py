"""The usage board: who used what for which purpose, how often, answered how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet, Sum

from doudi.core.actor import Actor
from doudi.exchange.models import Use


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One department, product and purpose over a time."""

    department: str
    product: str
    purpose: str
    calls: int
    persons: int
    yes: int
    no: int
    unknown: int
    refused: int
    last_at: datetime


def uses_visible_to(actor: Actor, owner: str) -> QuerySet[Use]:
    """Calls about the actor's area; those of other departments only for who owns the data."""
    rows = Use.objects.filter(area_code__startswith=actor.area[:6])
    return rows if actor.department in (owner, "audit") else rows.filter(department=actor.department)


def board(uses: QuerySet[Use], since: datetime) -> list[BoardLine]:
    """Lines by department, product and purpose, the busiest first."""
    rows = (
        uses.filter(at__gte=since)
        .values("department", "product", "purpose")
        .annotate(
            calls=Count("id"), people=Sum("persons"), yes=Count("id", filter=Q(outcome="yes")),
            no=Count("id", filter=Q(outcome="no")), unknown=Count("id", filter=Q(outcome="unknown")),
            refused=Count("id", filter=Q(outcome="refused")), last=Max("at"),
        )
        .order_by("-calls", "department", "product", "purpose")
    )  # fmt: skip
    return [
        BoardLine(
            row["department"], row["product"], row["purpose"], row["calls"], row["people"] or 0, row["yes"], row["no"],
            row["unknown"], row["refused"], row["last"],
        )
        for row in rows
    ]  # fmt: skip


def recent_uses(uses: QuerySet[Use]) -> QuerySet[Use]:
    """Calls, newest first."""
    return uses.defer("response_enc", "request_index").order_by("-at", "-id")
