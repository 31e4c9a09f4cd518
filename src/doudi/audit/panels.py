"""The entry of the navigation; the sockets by which a subject's other ids and the words of reasons are found."""

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
"""Filled by callables (what was asked for) -> further ids of the same: records of one person that were merged, the id
behind the number of an application.
"""


reason_words: Socket[tuple[str, str]] = Socket("audit_reason_words")
"""Filled by callables () -> pairs of a code that stands as a reason or purpose, and its words on the page."""


@navigation.fill
def audit_entry(actor: Actor | None) -> Iterable[NavItem]:
    """The reading room, for its readers."""
    if actor is not None and actor.role in READERS:
        yield NavItem("audit", _("痕迹"), reverse("audit:log"), 90)
