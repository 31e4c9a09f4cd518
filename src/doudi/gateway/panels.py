"""The entry of the navigation."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.core.actor import Actor
from doudi.core.navigation import NavItem, navigation
from doudi.gateway.access import ANSWERERS, enquiries_visible_to


@navigation.fill
def gateway_entry(actor: Actor | None) -> Iterable[NavItem]:
    """Enquiries from the internet zone, where there have been any."""
    if actor is None or actor.role not in ANSWERERS:
        return
    visible = enquiries_visible_to(actor)
    if visible.exists():
        waiting = visible.filter(answered_at=None).count()
        yield NavItem("gateway", _("网上来信"), reverse("gateway:list"), 45, count=waiting)
