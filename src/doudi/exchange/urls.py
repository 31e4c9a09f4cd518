"""Addresses of `exchange`: the pages of the board, and the API (`api_patterns`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from doudi.audit.access import has_entry
from doudi.core.access import public
from doudi.core.clock import now
from doudi.core.once import repeatable
from doudi.exchange import problems, views
from doudi.exchange.access import holder_of
from doudi.exchange.actions import note_turned_away
from doudi.exchange.api import api

app_name = "exchange"
A_LIST = 256 * 1024
"""Bytes of a list of 1,000 people under names of 64 characters, however it is set out."""
DESCRIBING = frozenset({"openapi-json", "api-root"})
urlpatterns = [
    path("", views.products_page, name="products"),
    path("uses/", views.uses, name="uses"),
    path("products/<slug:name>/", views.product_page, name="product"),
]


def _answering_in_kind(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Whoever may come in is asked by the token, not by a session; what goes wrong is told as problem+json."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer = view(request, *args, **kwargs)
        except Http404:
            answer = problems.of_status(request, 404, "exchange.no_such_address")
        if answer.status_code == 405:
            told = problems.of_status(request, 405, "exchange.no_such_method")
            told.headers["Allow"] = answer.headers["Allow"]
            answer = told
        return _on_record(request, answer)

    # not `public()`: it would take a session's earlier form for a repeat of another system's call
    inner.doudi_access = "public"  # type: ignore[attr-defined]
    inner.doudi_body = A_LIST  # type: ignore[attr-defined]
    inner.doudi_too_large = _too_large  # type: ignore[attr-defined]
    return csrf_exempt(inner)


def _too_large(request: HttpRequest) -> HttpResponse:
    return _on_record(request, problems.too_large(request))


def _on_record(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer, with an entry if it is a refusal that has none yet. Too many calls have theirs, one a minute."""
    if answer.status_code < 400 or answer.status_code == 429 or has_entry():
        return answer
    caller = getattr(request, "actor", None)
    note_turned_away(
        actor=caller or holder_of(request), at=now(), address=get_adapter().get_client_ip(request),
        is_let_in=caller is not None, code=json.loads(answer.content)["code"],
    )  # fmt: skip
    return answer


@public
@csrf_exempt
def nowhere(request: HttpRequest) -> HttpResponse:
    """No such address of the API."""
    return _on_record(request, problems.of_status(request, 404, "exchange.no_such_address"))


def _patterns() -> list[URLPattern]:
    found = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern)]
    for pattern in found:
        if pattern.name in DESCRIBING:
            pattern.callback = repeatable("what the API is, told to whoever asks")(require_safe(pattern.callback))
        pattern.callback = _answering_in_kind(pattern.callback)
    return found


api_patterns = ([*_patterns(), re_path(r"^.*$", nowhere, name="nowhere")], "ninja", "exchange_api")
