"""Reads of cases."""

from __future__ import annotations

from doudi.cases.queries.applications import (
    application_by_number,
    applications,
    course_of,
    open_assessment,
    open_opinion,
)
from doudi.cases.queries.beyond import known_numbers
from doudi.cases.queries.proposals import proposal_of

__all__ = [
    "application_by_number",
    "applications",
    "course_of",
    "known_numbers",
    "open_assessment",
    "open_opinion",
    "proposal_of",
]
