"""Accounts to log in with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache

from doudi.accounts.actions import create_account, give_grant
from doudi.accounts.models import Account
from doudi.core.actor import Actor

AT = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
PASSWORD = "Nicht-zu-raten-7"
Make = Callable[..., Account]


@pytest.fixture(autouse=True)
def unhurried() -> None:
    """The count of logins from one address begins anew with each test."""
    cache.clear()


@pytest.fixture
def make(db: None) -> Make:
    """make("zhou", "registrar", "handler", must_change=False): an account with grants at 990101003."""

    def made(username: str, *roles: str, must_change: bool = False, area: str = "990101003") -> Account:
        system = Actor.system()
        account = create_account(
            actor=system, at=AT, username=username, name=f"周{username}", password=PASSWORD, must_change=must_change
        )
        for role in roles:
            give_grant(actor=system, at=AT, account=account, role=role, area=area, from_on=date(2026, 1, 1))
        return account

    return made
