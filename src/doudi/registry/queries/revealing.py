"""Full numbers for the one answer they are asked for. Who may have them, and the look, is the caller's."""

from __future__ import annotations

import uuid

from doudi.core.vault import vault
from doudi.registry.models import BankAccount


def account_number_of(account: BankAccount) -> str:
    """The full number of a bank account, decrypted."""
    return vault().decrypt(f"registry_bankaccount|number|{account.id}", bytes(account.number_enc)).decode()


def accounts_of(persons: list[uuid.UUID]) -> list[BankAccount]:
    """Bank accounts in use of some people."""
    rows = BankAccount.objects.filter(person_id__in=persons, to_on__isnull=True).select_related("person")
    return list(rows.order_by("person__name", "from_on"))
