"""The entry of the navigation."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.core.actor import Actor
from doudi.core.navigation import NavItem, navigation


@navigation.fill
def holds_entry(actor: Actor | None) -> Iterable[NavItem]:
    """Retention and holds, for who may place one."""
    if actor is not None and may(actor, "keeping.hold"):
        yield NavItem("keeping", _("保存与删除"), reverse("keeping:holds"), 85)
