"""What verification erases when its time is over: what was found. That it was asked, and the digests, stay."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from doudi.lib.working_days import day_of
from doudi.verification.models import Check


def inputs_kept(applications: Iterable[str]) -> list[tuple[UUID, UUID, str]]:
    """(check, household, application) of checks made for applications whose inputs are still kept."""
    rows = Check.objects.filter(application__in=list(applications), inputs_enc__isnull=False).exclude(application="")
    return list(rows.order_by("requested_at", "id").values_list("id", "household_id", "application"))


def inputs_kept_alone(limit: date) -> list[tuple[UUID, UUID]]:
    """(check, household) of checks made for no application, asked for on a day or before."""
    rows = Check.objects.filter(application="", inputs_enc__isnull=False).order_by("requested_at", "id")
    return [(own, household) for own, household, at in rows.values_list("id", "household_id", "requested_at")
            if day_of(at) <= limit]  # fmt: skip


def erase_inputs(checks: Iterable[str]) -> int:
    """Empties what was put in; the digest stays."""
    return Check.objects.filter(pk__in=[UUID(own) for own in checks]).update(inputs_enc=None)
