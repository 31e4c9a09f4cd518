"""The entry of the navigation; and the socket for what was done under a published version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from doudi.accounts.logic.roles import may
from doudi.core.actor import Actor
from doudi.core.navigation import NavItem, navigation
from doudi.core.sockets import Socket


@dataclass(frozen=True, slots=True)
class VersionUse:
    """Something that was done under a version: one line with its address, or a count without one."""

    label: str | Promise
    url: str = ""
    note: str | Promise = ""


version_uses: Socket[VersionUse] = Socket("version_uses")
"""Fillers take (actor, hash of the rulebook)."""


@navigation.fill
def policy_entry(actor: Actor | None) -> Iterable[NavItem]:
    """Policy, for whoever works on cases."""
    if actor is not None and may(actor.role, "rulebook.read"):
        yield NavItem("policy", _("政策"), reverse("rulebook:programmes"), 60)
