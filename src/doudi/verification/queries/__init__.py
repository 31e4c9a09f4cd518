"""Reads of verification: the report of a check, the latest check of a unit, authorisations."""

from __future__ import annotations

from doudi.verification.logic.report import Report
from doudi.verification.queries.authorisations import AuthorisationLine, authorisations_of, signed_on
from doudi.verification.queries.checks import (
    checks_for_application,
    checks_of_household,
    checks_of_its_units,
    inputs_of,
    latest_check,
    latest_checks,
    newer_than,
    remark_of,
)
from doudi.verification.queries.report import report

__all__ = [
    "AuthorisationLine",
    "Report",
    "authorisations_of",
    "checks_for_application",
    "checks_of_household",
    "checks_of_its_units",
    "inputs_of",
    "latest_check",
    "latest_checks",
    "newer_than",
    "remark_of",
    "report",
    "signed_on",
]
