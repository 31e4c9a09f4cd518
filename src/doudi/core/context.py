"""What every page needs: the navigation, the search box, large type."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from doudi.core.navigation import NavItem, navigation, search_boxes


def frame(request: HttpRequest) -> dict[str, Any]:
    """Variables of `doudi/base.html`; nothing is asked of the apps before the page asks for it."""
    actor = getattr(request, "actor", None)
    return {
        "elder": request.COOKIES.get("elder") == "1",
        "search_box": next(iter(search_boxes.collect(actor)), None) if actor else None,
        "navigation_items": SimpleLazyObject(lambda: _items(request)),
    }


def _items(request: HttpRequest) -> list[NavItem]:
    if not request.user.is_authenticated:
        return []
    found = navigation.collect(getattr(request, "actor", None))
    return sorted(found, key=lambda item: item.order)
