"""The entry of the navigation."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.core.actor import Actor
from doudi.core.navigation import NavItem, navigation


@navigation.fill
def areas_entry(actor: Actor | None) -> Iterable[NavItem]:
    """Areas, for whoever acts under a grant."""
    if actor is not None:
        yield NavItem("areas", _("区划"), reverse("areas:browse"), 70)
