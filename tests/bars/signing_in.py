"""What the bars about signing in share: accounts, a demanded second factor, every route with made-up parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, resolve

from doudi.accounts.actions import create_account, give_grant
from doudi.accounts.models import Account
from doudi.core.actor import Actor
from tests.accounts.conftest import AT, PASSWORD, holder_of

MADE_UP = {"uuid": str(UUID(int=7)), "int": "7", "str": "x", "slug": "x", "path": "x/y"}


@dataclass(frozen=True)
class Route:
    """One address with made-up parameters, and its view."""

    path: str
    view: object

    @property
    def is_public(self) -> bool:
        return getattr(self.view, "doudi_access", "") == "public"

    @property
    def comes_before(self) -> bool:
        return bool(getattr(self.view, "doudi_before_second_factor", False))


def routes() -> list[Route]:
    """Every route of the URLconf; one whose parameters cannot be made up fails here instead of being left out.

    Of the same address under several names (one for each method) the first answers.
    """
    first: dict[str, object] = {}
    for path, view in _walked(get_resolver().url_patterns):
        first.setdefault(path, view)
    found = [Route(f"/{path}", view) for path, view in first.items()]
    for route in found:
        assert resolve(route.path).func is route.view, f"{route.path} leads elsewhere: make its parameters up"
    return found


def account(username: str, *roles: str, area: str = "990101") -> Account:
    """An account with grants, its password known."""
    system = Actor.system()
    made = create_account(
        actor=system, at=AT, username=username, name=username, password=PASSWORD, must_change=False,
        holder=holder_of(username),
    )  # fmt: skip
    for role in roles:
        give_grant(actor=system, at=AT, account=made, role=role, area=area, from_on=date(2026, 1, 1))
    return made


def _walked(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        path = before + re.sub(r"<(?:(\w+):)?\w+>", lambda found: MADE_UP[found[1] or "str"], str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _walked(pattern.url_patterns, path)
        else:
            yield path, pattern.callback
