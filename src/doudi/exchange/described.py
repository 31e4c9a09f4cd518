"""The API as its description says it: errors are problem+json, links from what makes a thing to what uses it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from doudi.core.errors import DoudiError
from doudi.exchange import problems

LINKS: dict[tuple[str, str, str], dict[str, Any]] = {
    ("/products/{product}/subscriptions", "post", "201"): {
        name: {"operationId": name, "parameters": {"subscription": "$response.body#/id"}}
        for name in ("getSubscription", "readChanges", "endSubscription")
    },
    ("/products/{product}/rows", "get", "200"): {
        "readRows": {
            "operationId": "readRows",
            "parameters": {"product": "$request.path.product", "cursor": "$response.body#/next"},
        }
    },
    ("/subscriptions/{subscription}/changes", "get", "200"): {
        "readChanges": {
            "operationId": "readChanges",
            "parameters": {"subscription": "$response.body#/subscription", "after": "$response.body#/next"},
        }
    },
}
"""What a caller may do next with what it got."""


class Described(NinjaAPI):
    """A NinjaAPI whose errors are problem+json, in what it does and in what it says of itself."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        handlers: dict[Any, Any] = {
            DoudiError: problems.of_error,
            ValidationError: _unfit,
            AuthenticationError: lambda request, _error: problems.of_status(request, 401, "exchange.no_token"),
            HttpError: _http_error,
            Http404: lambda request, _error: problems.of_status(request, 404, "exchange.no_such_address"),
        }
        for kind, handler in handlers.items():
            self.add_exception_handler(kind, handler)

    def get_openapi_schema(self, **options: Any) -> Any:
        """The description, with error bodies under their own media type and links."""
        schema = super().get_openapi_schema(**options)
        for path, item in schema["paths"].items():
            for method, operation in item.items():
                for status, answer in operation["responses"].items():
                    _describe(answer, str(status))
                    if links := _links(path, method, str(status)):
                        answer["links"] = links
        return schema


def _links(path: str, method: str, status: str) -> dict[str, Any]:
    for (ending, verb, code), links in LINKS.items():
        if path.endswith(ending) and (verb, code) == (method, status):
            return links
    return {}


def _unfit(request: HttpRequest, error: Any) -> HttpResponse:
    return problems.of_validation(request, error.errors)


def _describe(answer: dict[str, Any], status: str) -> None:
    content = answer.get("content", {})
    if status[0] in "45" and "application/json" in content:
        answer["content"] = {problems.MEDIA: content["application/json"]}


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    code = {400: "exchange.unreadable", 401: "exchange.no_token"}.get(error.status_code, "exchange.refused")
    return problems.of_status(request, error.status_code, code)
