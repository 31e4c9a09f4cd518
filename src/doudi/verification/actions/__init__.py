"""Every write of verification; each is one transaction with one audit entry."""

from __future__ import annotations

from doudi.verification.actions.authorising import sign_authorisations, sign_many, withdraw_authorisation
from doudi.verification.actions.checking import run_check, run_checks
from doudi.verification.actions.concluding import conclude_check
from doudi.verification.logic.requests import CheckRequest, Signatures

__all__ = [
    "CheckRequest",
    "Signatures",
    "conclude_check",
    "run_check",
    "run_checks",
    "sign_authorisations",
    "sign_many",
    "withdraw_authorisation",
]
