"""Addresses that fail in every way a view can, for the bars about error pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from doudi.core.access import public
from doudi.core.errors import Refused, Unavailable
from doudi.site.urls import urlpatterns as real


def broken(request: HttpRequest) -> HttpResponse:
    """An error nobody foresaw, with something personal in it."""
    raise RuntimeError(str(request.POST.get("q", "")))


def unavailable(request: HttpRequest) -> HttpResponse:
    """A part does not answer."""
    raise Unavailable("test.unavailable", "暂时不能用。")


def refused(request: HttpRequest) -> HttpResponse:
    """The rule says no."""
    raise Refused("test.refused", "不能这样办。")


urlpatterns = [
    path("broken/", public(broken)),
    path("unavailable/", public(unavailable)),
    path("refused/", public(refused)),
    *real,
]
