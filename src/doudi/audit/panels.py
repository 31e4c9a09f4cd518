"""The entry of the navigation; and the socket by which a subject's other ids are found."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.core.actor import Actor
from doudi.core.navigation import NavItem, navigation
from doudi.core.row_context import LOG_READERS
from doudi.core.sockets import Socket

READERS = LOG_READERS


same_subjects: Socket[str] = Socket("audit_same_subjects")
"""Filled by callables (opaque id) -> further ids of the same: records of one person that were merged."""


@navigation.fill
def audit_entry(actor: Actor | None) -> Iterable[NavItem]:
    """The reading room, for its readers."""
    if actor is not None and actor.role in READERS:
        yield NavItem("audit", _("痕迹"), reverse("audit:log"), 90)
