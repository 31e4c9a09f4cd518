"""Requests: in the language chosen, nobody gets in without signing in, our errors become pages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _

from doudi.core.errors import DoudiError, Forbidden, Malformed, Missing, Refused, Stale, Unavailable
from doudi.core.key_store import VaultError

logger = logging.getLogger(__name__)

STATUS: dict[type[DoudiError], int] = {
    Refused: 409,
    Forbidden: 403,
    Missing: 404,
    Stale: 409,
    Malformed: 400,
    Unavailable: 503,
}
OPEN_PREFIXES = ("/static/",)
Handler = Callable[[HttpRequest], HttpResponse]


class ChosenLanguage:
    """The language somebody chose (a cookie), else Chinese; a browser's own language says little about its user."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self._get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response


class RequireLogin:
    """Sends whoever is not signed in to the login page, but for views marked public."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Before a view: signed in, or public."""
        if getattr(view, "doudi_access", "") == "public" or request.user.is_authenticated:
            return None
        if request.path.startswith((*OPEN_PREFIXES, settings.LOGIN_URL)):
            return None
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")


class ErrorsToHttp:
    """Turns our errors into pages with the right status: what, why, what to do next."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """An error of ours as a page; anything else stays a failure."""
        if isinstance(error, VaultError):
            logger.error("sealed content does not open: %s", error.code)
            error = Unavailable(
                "core.sealed_unreadable",
                _("这里有一项加密内容打不开：可能被改动过，或者缺少密钥。没有显示任何内容。请联系系统管理员。"),
            )
        if not isinstance(error, DoudiError):
            return None
        request.is_at_fault = True  # type: ignore[attr-defined]
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
        return render(request, "doudi/error.html", {"error": error, "status": status}, status=status)
