"""What was handed out to whom, and the mark that goes on the next file."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from doudi.accounts.models import ROLE_LABELS
from doudi.areas.queries import area
from doudi.core.actor import Actor
from doudi.core.row_context import everywhere
from doudi.exports.logic.limits import Today
from doudi.exports.logic.marks import Mark
from doudi.exports.models import PURPOSES, Handout, mark_number


def taken_today(account_id: str, at: datetime, export: str) -> Today:
    """What an account took out since midnight in Shanghai: people in all and by agreement, and files of a kind."""
    begun = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    with everywhere("an account has one day, under whatever grant it took files out"):
        rows = Handout.objects.filter(account_id=account_id, at__gte=begun, at__lt=begun + timedelta(days=1))
        found = rows.aggregate(persons=Sum("persons"), files=Count("id", filter=Q(export=export)))
        under = rows.exclude(agreement="").values_list("agreement").annotate(Sum("persons")).order_by()
        return Today(found["persons"] or 0, found["files"], dict(under))


def handouts_of(account_id: str) -> QuerySet[Handout]:
    """What an account took out, newest first."""
    return Handout.objects.filter(account_id=account_id).order_by("-at", "-id")


def marked_as(actor: Actor, at: datetime, purpose: str = "", number: UUID | None = None) -> Mark:
    """The mark of somebody now, in the language that is active."""
    found = area(actor.area) if actor.area else None
    role = str(ROLE_LABELS.get(actor.role, actor.role))
    return Mark(
        who=actor.name,
        unit=f"{found.name if found else actor.area} {role}".strip(),
        at=f"{localtime(at):%Y-%m-%d %H:%M}",
        purpose=_("用途：%(purpose)s") % {"purpose": PURPOSES[purpose]} if purpose else "",
        number=_("编号 %(number)s") % {"number": mark_number(number)} if number else "",
    )
