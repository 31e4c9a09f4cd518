"""Full numbers for the one answer they are asked for. Who may have them, and the look, is the caller's."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from doudi.core.vault import vault
from doudi.registry.models import BankAccount


def account_number_of(account: BankAccount) -> str:
    """The full number of a bank account, decrypted."""
    return vault().decrypt(f"registry_bankaccount|number|{account.id}", bytes(account.number_enc)).decode()


def accounts_of(persons: list[uuid.UUID]) -> list[BankAccount]:
    """Bank accounts in use of some people."""
    rows = BankAccount.objects.filter(person_id__in=persons, to_on__isnull=True).select_related("person")
    return list(rows.order_by("person__name", "from_on"))


@contextmanager
def one_at_a_time(account_id: str) -> Iterator[None]:
    """Numbers are revealed to an account one after another, so that many requests at once do not pass its limit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"reveal|{account_id}"])
        yield
