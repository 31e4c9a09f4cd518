"""What the page frame asks of the apps: entries of the navigation and the search box, through sockets they fill."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from doudi.core.sockets import Socket


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry: a stable name (matched by a page's `nav`), its words, its address, and how much waits behind it.

    `group` is "main", or "own" for what concerns the signed-in person; `post` makes it a button (leaving is an act).
    """

    name: str
    label: str | Promise
    url: str
    order: int = 100
    count: int | None = None
    group: str = "main"
    post: bool = False


@dataclass(frozen=True, slots=True)
class SearchBox:
    """The box at the top of every page: where it posts to and what may be typed into it."""

    url: str
    label: str | Promise
    hint: str | Promise


navigation: Socket[NavItem] = Socket("navigation")
"""Fillers take (actor); each app fills it in its `panels` room, only for roles that may open the address."""

search_boxes: Socket[SearchBox] = Socket("search_boxes")
"""Fillers take (actor); the first one is shown."""
