"""The addresses of the site, found in the URLconf: what each is called, who may use it, an address made up for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

MADE_UP: dict[str, Callable[[], Any]] = {
    "UUIDConverter": uuid4,
    "SlugConverter": lambda: "zh",
    "StringConverter": lambda: "x",
    "IntConverter": lambda: 1,
    "PathConverter": lambda: "x",
}


@dataclass(frozen=True)
class Route:
    """One address."""

    name: str
    access: str
    """public, signed_in or the permission that is asked for."""
    view: Callable[..., Any]
    kwargs: dict[str, str]
    """Kind of converter by name."""

    def address(self, known: dict[str, Any] | None = None) -> str:
        """An address with ids that are known, else made up."""
        given = {name: (known or {}).get(name) or MADE_UP[kind]() for name, kind in self.kwargs.items()}
        return reverse(self.name, kwargs=given)


def routes() -> list[Route]:
    """Every address of ours; what the libraries add behind login is ours as soon as it is in the URLconf."""
    return list(_walk(get_resolver().url_patterns, ()))


def _walk(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...]) -> Iterator[Route]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern.url_patterns, inner)
            continue
        kwargs = {name: type(kind).__name__ for name, kind in pattern.pattern.converters.items()}
        name = ":".join((*spaces, pattern.name or ""))
        yield Route(name, getattr(pattern.callback, "doudi_access", ""), pattern.callback, kwargs)


METHODS = ("GET", "POST")
NOT_THIS_WAY = 405
"""What an address answers to a method it does not take, whoever asks."""


def refusal(client: Client, method: str, address: str) -> tuple[int, str]:
    """(status, code of our error page) of a request without anything in it."""
    answer = client.get(address) if method == "GET" else client.post(address)
    error = answer.context.get("error") if answer.context is not None else None
    return answer.status_code, getattr(error, "code", "")
