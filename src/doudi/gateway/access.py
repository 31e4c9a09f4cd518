"""Fetching enquiries within the area of who asks."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from doudi.accounts.logic.roles import PERMISSIONS
from doudi.core.actor import Actor
from doudi.core.errors import Missing
from doudi.gateway.models import Enquiry

ANSWERERS = PERMISSIONS["gateway.answer"]


def enquiries_visible_to(actor: Actor) -> QuerySet[Enquiry]:
    """Open ones first, the oldest of them first."""
    return Enquiry.objects.filter(area_code__startswith=actor.area).order_by("-answered_at", "submitted_at")


def enquiry_for(actor: Actor, enquiry_id: UUID) -> Enquiry:
    """One enquiry, or Missing."""
    found = enquiries_visible_to(actor).filter(id=enquiry_id).first()
    if found is None:
        raise Missing("gateway.no_such_enquiry", _("没有这封来信，或不在您的地区。请从来信列表打开。"))
    return found
