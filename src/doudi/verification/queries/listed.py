"""Lists of checks with how many of their comparisons need a look and how many answers are missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from doudi.areas.queries import names_of
from doudi.verification.logic.answers import SILENT
from doudi.verification.logic.comparing import STRIKING
from doudi.verification.models import Check

SHOWN = ("waiting", "concluded", "all")


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check of a list: where, how many comparisons to look at, how many answers missing."""

    check: Check
    place: str
    striking: int
    silent: int


def listed(rows: QuerySet[Check], shown: str) -> QuerySet[Check]:
    """waiting: answered, not concluded, no newer one (oldest first); concluded and all: newest first."""
    rows = rows.select_related("household__head")
    if shown == "waiting":
        return waiting(rows).order_by("requested_at", "id")
    if shown == "concluded":
        rows = rows.filter(state="concluded")
    return rows.order_by("-requested_at", "-id")


def waiting(rows: QuerySet[Check]) -> QuerySet[Check]:
    """Checks that wait for a conclusion: answered, and the latest of their unit and application."""
    later = Check.objects.filter(
        household_id=OuterRef("household_id"),
        application=OuterRef("application"),
        requested_at__gt=OuterRef("requested_at"),
    )
    return rows.filter(~Exists(later), state="answered")


def counted(rows: QuerySet[Check]) -> QuerySet[Check]:
    """With `striking` and `unclear` comparisons, all that were `compared`, and `silent` answers about members."""
    return rows.annotate(
        compared=Count("comparisons", distinct=True),
        unclear=Count("comparisons", filter=Q(comparisons__state="unknown"), distinct=True),
        striking=Count("comparisons", filter=Q(comparisons__state__in=STRIKING), distinct=True),
        silent=Count("answers", filter=Q(answers__state__in=SILENT, answers__is_member=True), distinct=True),
    )


def lines_of(checks: Iterable[Check]) -> list[CheckLine]:
    """Checks of one page as lines, in their order."""
    rows = list(checks)
    counts = {row.pk: row for row in counted(Check.objects.filter(pk__in=[row.pk for row in rows]))}
    names = names_of(row.area_code for row in rows)
    return [
        CheckLine(
            row,
            names.get(row.area_code, row.area_code),
            getattr(counts[row.pk], "striking", 0),
            getattr(counts[row.pk], "silent", 0),
        )
        for row in rows
    ]
