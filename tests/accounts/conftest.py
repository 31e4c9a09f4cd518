"""Accounts to log in with."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache

from doudi.accounts.actions import create_account, give_grant
from doudi.accounts.models import Account
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.lib.identity_number import check_character

AT = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
PASSWORD = "Nicht-zu-raten-7"
Make = Callable[..., Account]


def holder_of(username: str) -> str:
    """An identity number of nobody (prefix 99) for an account's holder; the same for the same name."""
    mark = zlib.crc32(username.encode())
    born = date(1950, 1, 1) + timedelta(days=mark % 18_000)
    first = f"990101{born:%Y%m%d}{mark // 18_000 % 1000:03d}"
    return first + check_character(first)


@pytest.fixture(autouse=True)
def unhurried() -> None:
    """The count of logins from one address begins anew with each test."""
    cache.clear()


@pytest.fixture
def make(db: None) -> Make:
    """make("zhou", "registrar", "handler", must_change=False): an account with grants at 990101003."""

    def made(username: str, *roles: str, must_change: bool = False, area: str = "990101003") -> Account:
        system = Actor.system()
        at = now() if must_change else AT  # a given password holds for a week
        account = create_account(
            actor=system, at=at, username=username, name=f"周{username}", password=PASSWORD, must_change=must_change,
            holder=holder_of(username),
        )  # fmt: skip
        for role in roles:
            give_grant(actor=system, at=AT, account=account, role=role, area=area, from_on=date(2026, 1, 1))
        return account

    return made
