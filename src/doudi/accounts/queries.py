"""Reads of accounts and grants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet

from doudi.accounts.models import Account, Grant


def grants_of(account: Account, on: date) -> QuerySet[Grant]:
    """The grants in force on a day."""
    return Grant.objects.filter(
        Q(to_on=None) | Q(to_on__gt=on), account=account, from_on__lte=on, withdrawn_at=None
    ).order_by("role", "area_code")


def all_accounts() -> QuerySet[Account]:
    """Accounts by username."""
    return Account.objects.order_by("username")


def grants_by_account(accounts: Iterable[Account], on: date) -> dict[UUID, list[Grant]]:
    """The grants in force on a day of several accounts."""
    found: dict[UUID, list[Grant]] = defaultdict(list)
    in_force = Grant.objects.filter(Q(to_on=None) | Q(to_on__gt=on), from_on__lte=on, withdrawn_at=None)
    for grant in in_force.filter(account__in=list(accounts)).order_by("role", "area_code"):
        found[grant.account_id].append(grant)
    return found


def all_grants_of(account: Account) -> QuerySet[Grant]:
    """Every grant an account has or had, those in force first."""
    return Grant.objects.filter(account=account).order_by(F("withdrawn_at").desc(nulls_first=True), "role", "from_on")
