"""The entry of the navigation."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.core.actor import Actor
from doudi.core.navigation import NavItem, navigation


@navigation.fill
def exports_entry(actor: Actor | None) -> Iterable[NavItem]:
    """Files handed out, for who may take files or looks into it."""
    if actor is not None and may(actor, "exports.read"):
        yield NavItem("exports", _("导出"), reverse("exports:list"), 80)
