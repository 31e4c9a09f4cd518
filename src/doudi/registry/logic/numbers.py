"""What an identity number itself says, and how it is shown. Normalising and checking numbers is in `doudi.lib`."""

from __future__ import annotations

import datetime
import uuid

NUMBER_INDEX = "registry_person.number"
"""Name of the blind index of identity numbers."""


def number_context(person: uuid.UUID) -> str:
    """AAD of a person's number."""
    return f"registry_person|number|{person}"


def born_on(number: str) -> datetime.date | None:
    """Day of birth written in a normalised 18-character number; None if it is no day."""
    try:
        return datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex(number: str) -> str:
    """M or F, by the odd or even sequence digit."""
    return "M" if int(number[16]) % 2 else "F"


def masked_number(number: str) -> str:
    """The first six characters. Together with a date of birth, which stands beside it, the last four would be all."""
    return f"{number[:6]}{'*' * max(0, len(number) - 6)}"


def masked_account(number: str) -> str:
    """Last four characters of a bank account."""
    return f"{'*' * 4}{number[-4:]}"
