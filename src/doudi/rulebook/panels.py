"""The entry of the navigation."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.accounts.logic.roles import may
from doudi.core.actor import Actor
from doudi.core.navigation import NavItem, navigation


@navigation.fill
def policy_entry(actor: Actor | None) -> Iterable[NavItem]:
    """Policy, for whoever works on cases."""
    if actor is not None and may(actor.role, "rulebook.read"):
        yield NavItem("policy", _("政策"), reverse("rulebook:programmes"), 60)
