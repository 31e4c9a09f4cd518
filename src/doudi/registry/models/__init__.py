"""Who is known and who lives with whom: persons, households, what was said of them. All dated."""

from __future__ import annotations

from doudi.registry.models.household import Address, Headship, Household, Membership
from doudi.registry.models.person import BankAccount, DealtIn, NameRow, Person, PersonKey, PersonName
from doudi.registry.models.statement import Declaration, Label, Obligation, ObligorStatement

__all__ = [
    "Address",
    "BankAccount",
    "DealtIn",
    "Declaration",
    "Headship",
    "Household",
    "Label",
    "Membership",
    "NameRow",
    "Obligation",
    "ObligorStatement",
    "Person",
    "PersonKey",
    "PersonName",
]
