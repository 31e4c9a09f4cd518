"""The entry of the navigation."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.accounts.logic.roles import PERMISSIONS
from doudi.core.actor import Actor
from doudi.core.navigation import NavItem, navigation

KEEPERS = PERMISSIONS["operations.read"]


@navigation.fill
def operations_entry(actor: Actor | None) -> Iterable[NavItem]:
    """The state of the house, for who keeps it running."""
    if actor is not None and actor.role in KEEPERS:
        yield NavItem("operations", _("运行状态"), reverse("operations:state"), 85)
