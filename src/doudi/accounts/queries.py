"""Reads of accounts and grants."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from doudi.accounts.models import Account, Grant


def grants_of(account: Account, on: date) -> QuerySet[Grant]:
    """The grants in force on a day."""
    return Grant.objects.filter(
        Q(to_on=None) | Q(to_on__gt=on), account=account, from_on__lte=on, withdrawn_at=None
    ).order_by("role", "area_code")


def all_accounts() -> QuerySet[Account]:
    """Accounts by username."""
    return Account.objects.order_by("username")
