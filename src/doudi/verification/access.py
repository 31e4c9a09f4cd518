"""Who may ask for, see and conclude checks: within their area; how much of means by the access policy."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import level_of as level_by_policy
from doudi.accounts.access import may
from doudi.accounts.logic.policy import OFFICER, SYSTEM, TOWNSHIP
from doudi.audit.actions import record_look
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden
from doudi.registry.logic.areas import bounds
from doudi.registry.models import Household
from doudi.verification.models import Authorisation, Check

__all__ = [
    "OFFICER",
    "TOWNSHIP",
    "authorisation_for",
    "check_for",
    "checks_visible_to",
    "level_of",
    "open_check",
    "require",
]


def level_of(actor: Actor) -> str:
    """What form of a report somebody sees, by the access policy; the machine reads none and gets the township's."""
    return TOWNSHIP if actor.role == SYSTEM else level_by_policy(actor)


def require(actor: Actor, permission: str, households: Iterable[uuid.UUID]) -> None:
    """Forbidden unless the actor holds the permission and every household lies in the actor's area.

    A unit the register could not place has no area yet; who may act on it is asked by whoever holds its application.
    """
    if not may(actor, permission):
        raise Forbidden("verification.forbidden", _("您现在的身份不能做这件事。请切换身份，或请有权限的同事办理。"))
    wanted = set(households)
    found = dict(Household.objects.filter(pk__in=wanted).values_list("id", "area_code"))
    if len(found) < len(wanted) or any(area and not actor.covers(area) for area in found.values()):
        raise _elsewhere()


def _elsewhere() -> Forbidden:
    return Forbidden(
        "verification.elsewhere", _("没有这一家庭，或者它不在您的辖区。如需核对别处的家庭，请联系所在乡镇。")
    )


def checks_visible_to(actor: Actor) -> QuerySet[Check]:
    """Checks of the actor's area."""
    limits = bounds(actor.people_area)
    return (
        Check.objects.all()
        if limits is None
        else Check.objects.filter(area_code__gte=limits[0], area_code__lt=limits[1])
    )


def check_for(actor: Actor, check: uuid.UUID) -> Check:
    """A check the actor may see; Forbidden alike where there is none and where it lies elsewhere."""
    found = Check.objects.select_related("household").filter(pk=check).first()
    if found is None or not may(actor, "verification.read") or not actor.covers(found.area_code):
        raise Forbidden(
            "verification.check_elsewhere",
            _("没有这次核对，或者它不在您的辖区。请从核对页重新打开；如需查看别处的核对，请联系所在乡镇。"),
        )
    return found


def open_check(
    actor: Actor, check: uuid.UUID, at: datetime.datetime, *, verb: str = "verification.read_report"
) -> Check:
    """A check about to be shown: authorised, and the look recorded before anything is answered."""
    found = check_for(actor, check)
    record_look(
        actor=actor, verb=verb, at=at, reason=level_of(actor),
        subjects=[("check", found.id), ("household", found.household_id)],
    )  # fmt: skip
    return found


def authorisation_for(actor: Actor, authorisation: uuid.UUID) -> Authorisation:
    """An authorisation of a household in the actor's area; Forbidden alike where there is none and elsewhere."""
    found = Authorisation.objects.select_related("household", "person").filter(pk=authorisation).first()
    if found is None:
        raise _elsewhere()
    require(actor, "verification.authorise", [found.household_id])
    return found
