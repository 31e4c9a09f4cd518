"""Accounts with a grant, signed in on a test client."""

from __future__ import annotations

import datetime
from uuid import uuid4

from django.conf import settings
from django.test import Client

from doudi.accounts.models import Account, Grant
from doudi.core.actor import Actor


def signed_in(
    role: str, area: str = "990101001", *, name: str = "", language: str = "zh-hans", department: str = ""
) -> tuple[Client, Actor]:
    """A client of a new account acting in a role and area, and its actor."""
    account = Account.objects.create(username=uuid4().hex, name=name or role, holder_key=uuid4())
    grant = Grant.objects.create(
        account=account, role=role, area_code=area, department=department, from_on=datetime.date(2025, 1, 1)
    )
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.force_login(account)
    return client, Actor(str(account.id), account.name, role, area, department, "", str(grant.id))
