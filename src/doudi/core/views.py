"""Choices of how the pages look, kept in cookies; they work without script and without an account. And the icon."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from doudi.core.access import public
from doudi.core.once import repeatable

YEAR = 365 * 24 * 3600


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if safe else "/")


@public
@repeatable("sets a language; twice is the same")
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """zh-hans or en."""
    response = _back(request)
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, wanted)
    return response


@public
@repeatable("says which it shall be, on or off; twice is the same")
@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """Large type on (1) or off (0)."""
    response = _back(request)
    _keep(response, settings.ELDER_COOKIE_NAME, "1" if request.POST.get("elder") == "1" else "0")
    return response


@public
@require_GET
def icon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for it when what they show is no page of ours: a PDF, an answer of the API."""
    return HttpResponseRedirect(static("doudi/icon.svg"))


def _keep(response: HttpResponse, name: str, value: str) -> None:
    """For a year, out of reach of scripts."""
    response.set_cookie(name, value, max_age=YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")
