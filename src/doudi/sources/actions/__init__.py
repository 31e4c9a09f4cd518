"""Writes of sources: deliveries taken in, reports fetched, permits opened and closed."""

from __future__ import annotations

from doudi.sources.actions.permits import close_permits, open_permits
from doudi.sources.actions.receiving import receive_file, receive_files
from doudi.sources.actions.returning import fetch_annotated_file

__all__ = ["close_permits", "fetch_annotated_file", "open_permits", "receive_file", "receive_files"]
