"""The entry of the navigation."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.core.actor import Actor
from doudi.core.navigation import NavItem, navigation


@navigation.fill
def deliveries_entry(actor: Actor | None) -> Iterable[NavItem]:
    """Deliveries, for who may read them."""
    if actor is not None and may(actor, "sources.read"):
        yield NavItem("deliveries", _("交付"), reverse("sources:overview"), 60)
