"""What the internet zone's process has instead of the house's apps: an app without tables, a frame without accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest, HttpResponse


class FrameConfig(AppConfig):
    """The page frame of `core`, without what it fills in the house."""

    name = "doudi.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"


class OuterConfig(AppConfig):
    """Templates and texts of `gateway`; no socket is filled, no table is asked."""

    name = "doudi.gateway"
    label = "gateway"
    default_auto_field = "django.db.models.BigAutoField"


class KeepingConfig(AppConfig):
    """Templates and texts of `keeping`, for the page that says what is kept; no duty is filled in."""

    name = "doudi.keeping"
    label = "keeping"
    default_auto_field = "django.db.models.BigAutoField"


class Nobody:
    """Who asks: nobody has an account here."""

    is_authenticated = False


class NeverKept:
    """Middleware: nobody is signed in, and no page with a receipt or an answer stays in a browser's store."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = Nobody()  # type: ignore[assignment]
        response = self._get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def frame(request: HttpRequest) -> dict[str, Any]:
    """Variables of `doudi/base.html`: large type."""
    return {"elder": request.COOKIES.get("elder") == "1"}
