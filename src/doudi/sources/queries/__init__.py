"""Reads of sources: agreements, deliveries and their reports, the lake."""

from __future__ import annotations

from doudi.sources.queries.agreements import agreement_hash, feed_for_file, feeds
from doudi.sources.queries.deliveries import coverage, deliveries, delivery_report, feed_states, problems
from doudi.sources.queries.lake import lake_path, rows_for, tainted
from doudi.sources.queries.people import people_rows
from doudi.sources.queries.returned import annotated_file

__all__ = [
    "agreement_hash", "annotated_file", "coverage", "deliveries", "delivery_report", "feed_for_file", "feed_states",
    "feeds", "lake_path", "people_rows", "problems", "rows_for", "tainted",
]  # fmt: skip
