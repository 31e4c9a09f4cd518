"""Boxes of the household page, and the entry of the navigation."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from doudi.accounts.access import may
from doudi.core.actor import Actor
from doudi.core.navigation import NavItem, navigation
from doudi.registry.panels import HouseholdPanel, household_panels
from doudi.verification.access import checks_visible_to
from doudi.verification.models import Check
from doudi.verification.queries import AuthorisationLine, authorisations_of, checks_of_household, checks_of_its_units
from doudi.verification.queries.listed import counted, waiting

MOST_CHECKS = 6


@dataclass(frozen=True, slots=True)
class Authorised:
    """Who has signed, and whether the reader may record it."""

    household: uuid.UUID
    lines: tuple[AuthorisationLine, ...]
    may_authorise: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """The latest check of the household in one sentence, without a figure of anybody's means."""

    household: uuid.UUID
    check: Check | None
    opening: str
    earlier: tuple[Check, ...]
    """Others of this household, the latest first."""
    of_units: tuple[Check, ...]
    """Those of units in which people of this register household live, the latest first; none is this household's."""
    may_request: bool


@household_panels.fill
def verification_panels(actor: Actor, household: uuid.UUID, on: datetime.date) -> Iterable[HouseholdPanel]:
    """The latest check and the authorisations; the page's look is recorded by the desk."""
    if not may(actor, "verification.read"):
        return
    visible = checks_visible_to(actor)
    seen = list(checks_of_household(household).filter(pk__in=visible.values("pk"))[:MOST_CHECKS])
    of_units = tuple(checks_of_its_units(household, on).filter(pk__in=visible.values("pk"))[:MOST_CHECKS])
    check = seen[0] if seen else None
    opening = _sentence(check) if check else ""
    checked = Checked(household, check, opening, tuple(seen[1:]), of_units, may(actor, "verification.request"))
    yield HouseholdPanel("check", _("经济状况核对"), "verification/panels/check.html", checked, 35)
    lines = tuple(authorisations_of(household, on))
    signed = Authorised(household, lines, may(actor, "verification.authorise"))
    yield HouseholdPanel(
        "authorisations", _("核对授权"), "verification/panels/authorisations.html", signed, 30, aside=True
    )


def _sentence(check: Check) -> str:
    row = counted(Check.objects.filter(pk=check.pk)).get()
    compared, striking, unclear, silent = (getattr(row, n) for n in ("compared", "striking", "unclear", "silent"))
    if not compared:
        return str(_("没能与申报比较，请打开报告。"))
    if not striking and not unclear and not silent:
        return str(_("各来源都已回，没有要留意的。"))
    parts = []
    if striking:
        parts.append(ngettext("%(n)d 项要留意", "%(n)d 项要留意", striking) % {"n": striking})
    if unclear:
        parts.append(ngettext("%(n)d 项还不清楚", "%(n)d 项还不清楚", unclear) % {"n": unclear})
    if silent:
        parts.append(ngettext("缺 %(n)d 个反馈", "缺 %(n)d 个反馈", silent) % {"n": silent})
    return " · ".join(parts)


@navigation.fill
def verification_entry(actor: Actor | None) -> Iterable[NavItem]:
    """Checks; for the officer with how many wait for a conclusion."""
    if actor is not None and may(actor, "verification.read"):
        count = waiting(checks_visible_to(actor)).count() if may(actor, "verification.conclude") else None
        yield NavItem("verification", _("核对"), reverse("verification:checks"), 40, count)
