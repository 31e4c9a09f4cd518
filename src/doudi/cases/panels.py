"""Entries of cases in the navigation and on the page of a household."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.audit.panels import same_subjects
from doudi.cases.access import applications_visible_to
from doudi.cases.logic.term import Clock, clock_of
from doudi.cases.models import Application, Assessment
from doudi.cases.queries.applications import application_by_number, applications_of_household
from doudi.cases.worklist import waiting_for
from doudi.core.actor import Actor
from doudi.core.holidays import HOLIDAYS
from doudi.core.navigation import NavItem, navigation
from doudi.registry.models import Household
from doudi.registry.panels import HouseholdPanel, applications_seen, household_panels
from doudi.rulebook.panels import VersionUse, version_uses

MOST_USES = 20
NUMBERED = Q(kind="hukou", number__isnull=False)
"""Register households: those that a form can name by a number."""


@navigation.fill
def entries(actor: Actor | None) -> Iterable[NavItem]:
    """Applications, with how many wait for this actor."""
    if actor is not None and may(actor, "cases.read"):
        count = waiting_for(actor).count() or None
        yield NavItem("applications", _("申请"), reverse("cases:list"), 30, count)


@same_subjects.fill
def by_number(asked: str) -> Iterable[str]:
    """The id of an application, asked for by its number."""
    found = application_by_number(asked.strip().upper()) if asked[:2].upper() == "SQ" else None
    if found is not None:
        yield str(found.id)


@dataclass(frozen=True, slots=True)
class FamilyApplications:
    """The applications of a family with their clocks, and the register household a new one may be begun for."""

    lines: tuple[tuple[Application, Clock | None], ...]
    begins: uuid.UUID | None


@household_panels.fill
def family_applications(actor: Actor, household: uuid.UUID, on: datetime.date) -> Iterable[HouseholdPanel]:
    """The applications of a family, in the narrow column, and the way to a new one of a register household."""
    if not may(actor, "cases.read"):
        return
    rows = applications_of_household(household) & applications_visible_to(actor)
    lines = tuple((row, _clock(row.state, row.accepted_on, on)) for row in rows[:20])
    may_begin = may(actor, "cases.enter") and not actor.reads_only
    begins = household if may_begin and Household.objects.filter(NUMBERED, pk=household).exists() else None
    shown = FamilyApplications(lines, begins)
    yield HouseholdPanel("applications", _("申请"), "cases/panels/applications.html", shown, 15, True)


@applications_seen.fill
def seen_by(actor: Actor, numbers: Iterable[str]) -> Iterable[str]:
    """Numbers of the applications the actor may see."""
    return applications_visible_to(actor).filter(number__in=set(numbers)).values_list("number", flat=True)


def _clock(state: str, accepted_on: datetime.date | None, on: datetime.date) -> Clock | None:
    return clock_of(accepted_on, on, HOLIDAYS) if state != "reviewed" else None


@version_uses.fill
def worked_out_by(actor: Actor, rulebook: str) -> Iterable[VersionUse]:
    """Proposals worked out by a version, of the actor's area: how many, and the newest few."""
    if not may(actor, "cases.read"):
        return
    rows = Assessment.objects.filter(rulebook_hash=rulebook, application__in=applications_visible_to(actor))
    count = rows.count()
    if count:
        yield VersionUse(_("系统建议 %(count)s 份") % {"count": count})
    for row in rows.select_related("application").order_by("-assessed_at")[:MOST_USES]:
        address = reverse("cases:decision", args=[row.application_id])
        yield VersionUse(row.application.number, address, f"{row.assessed_at:%Y-%m-%d}")
