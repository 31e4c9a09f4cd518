"""Checks as stored: the latest of a unit, what was put in, what the officer wrote."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from doudi.core.errors import Malformed
from doudi.core.vault import vault
from doudi.registry.models import Membership
from doudi.registry.queries import holds_on
from doudi.verification.logic.sealing import inputs_context, remark_context
from doudi.verification.models import Check


def latest_check(household: uuid.UUID, application: str = "") -> Check | None:
    """The latest check of a unit; of one application, if named."""
    rows = Check.objects.filter(household_id=household)
    if application:
        rows = rows.filter(application=application)
    return rows.order_by("-requested_at", "-id").first()


def checks_for_application(number: str) -> QuerySet[Check]:
    """Every check made for an application, the first first."""
    return Check.objects.filter(application=number).order_by("requested_at", "id")


def checks_of_household(household: uuid.UUID) -> QuerySet[Check]:
    """Checks of a household itself, the latest first. Who may see which is asked in `access`."""
    return Check.objects.filter(household_id=household).order_by("-requested_at", "-id")


def checks_of_its_units(household: uuid.UUID, on: datetime.date) -> QuerySet[Check]:
    """Checks of the units in which people of a register household live on a day, the latest first: the register leads
    to those of the family that applied. A unit leads to no other's.
    """
    people = Membership.objects.filter(holds_on(on), household_id=household, kind="hukou").values("person_id")
    units = Membership.objects.filter(holds_on(on), person_id__in=people, kind="unit").values("household_id")
    rows = Check.objects.filter(household_id__in=units).exclude(household_id=household)
    return rows.select_related("household__head").order_by("-requested_at", "-id")


def latest_checks(households: Iterable[uuid.UUID]) -> dict[tuple[uuid.UUID, str], Check]:
    """The latest check by (unit, application)."""
    rows = Check.objects.filter(household_id__in=set(households)).order_by("requested_at", "id")
    return {(row.household_id, row.application): row for row in rows}


def newer_than(check: Check) -> Check | None:
    """A later check of the same unit for the same application."""
    later = Check.objects.filter(
        household_id=check.household_id, application=check.application, requested_at__gt=check.requested_at
    )
    return later.order_by("-requested_at").first()


def inputs_of(check: Check) -> dict[str, Any] | None:
    """CASE.json as it was put in, proved against its digest; None once retention has deleted it."""
    if check.inputs_enc is None:
        return None
    plain = vault().decrypt(inputs_context(check.id), bytes(check.inputs_enc))
    if sha256(plain).hexdigest() != check.inputs_digest:
        raise Malformed("verification.inputs_differ", _("存档的核对数据与校验码不一致，不能使用。请联系系统管理员。"))
    found: dict[str, Any] = json.loads(plain)
    return found


def remark_of(check: Check) -> str:
    """What the officer wrote; empty before the conclusion."""
    if check.remark_enc is None:
        return ""
    return vault().decrypt(remark_context(check.id), bytes(check.remark_enc)).decode()
