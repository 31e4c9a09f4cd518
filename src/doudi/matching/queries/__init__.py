"""Reads of matching: cases of single units, many at once."""

from __future__ import annotations

from doudi.matching.queries.cases import CaseRequest, case_for, cases_for

__all__ = ["CaseRequest", "case_for", "cases_for"]
