"""What every page needs: the navigation, the search box, large type."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from doudi.core.navigation import NavItem, navigation, search_boxes


def frame(request: HttpRequest) -> dict[str, Any]:
    """Variables of `doudi/base.html`; nothing is asked of the apps before the page asks for it."""
    actor = getattr(request, "actor", None)
    return {
        "elder": request.COOKIES.get(settings.ELDER_COOKIE_NAME) == "1",
        "here": _here(request),
        "search_box": next(iter(search_boxes.collect(actor)), None) if actor else None,
        "navigation_items": SimpleLazyObject(lambda: _items(request)),
    }


def _here(request: HttpRequest) -> str:
    """Where the switches lead back to. An error page repeats nothing of the address that was asked for."""
    if request.resolver_match is None or getattr(request, "is_at_fault", False):
        return "/"
    return request.get_full_path() if request.method == "GET" else request.path


def _items(request: HttpRequest) -> list[NavItem]:
    if not request.user.is_authenticated:
        return []
    found = navigation.collect(getattr(request, "actor", None))
    return sorted(found, key=lambda item: item.order)
