"""Entries of the navigation."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.accounts.logic.roles import may
from doudi.core.actor import Actor
from doudi.core.navigation import NavItem, navigation


@navigation.fill
def insight_entries(actor: Actor | None) -> Iterable[NavItem]:
    """Simulating reforms for the county; cliffs of families for who works on cases."""
    if actor is not None and may(actor.role, "insight.read"):
        yield NavItem("simulations", _("政策模拟"), reverse("insight:simulations"), 64)
    if actor is not None and may(actor.role, "insight.cliff"):
        yield NavItem("cliffs", _("悬崖"), reverse("insight:cliffs"), 66)
