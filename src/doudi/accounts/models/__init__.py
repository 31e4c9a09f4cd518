"""Accounts and grants, looks beyond them, what signing in needs, and the accounts of other systems."""

from doudi.accounts.models.accounts import ROLE_LABELS, Account, FormerPassword, Grant
from doudi.accounts.models.looking import EmergencyLook
from doudi.accounts.models.other_systems import ServiceAccount, ServiceSecret, ServiceToken
from doudi.accounts.models.signing_in import (
    AccountSession,
    AddressFailures,
    EnrolmentCode,
    ProvenSubject,
    TotpSecret,
)

__all__ = [
    "ROLE_LABELS",
    "Account",
    "AccountSession",
    "AddressFailures",
    "EmergencyLook",
    "EnrolmentCode",
    "FormerPassword",
    "Grant",
    "ProvenSubject",
    "ServiceAccount",
    "ServiceSecret",
    "ServiceToken",
    "TotpSecret",
]
