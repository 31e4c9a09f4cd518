"""The shape of an entry of the main navigation, and the socket that apps fill with theirs."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from doudi.core.sockets import Socket


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry: a stable name (matched by a page's `nav`), its words, its address, and how much waits behind it."""

    name: str
    label: str | Promise
    url: str
    order: int = 100
    count: int | None = None


navigation: Socket[NavItem] = Socket("navigation")
"""Fillers take (actor); each app fills it in its `panels` room, only for roles that may open the address."""
