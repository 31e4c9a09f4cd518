"""Reads of the log."""

from doudi.audit.queries.entries import entries, entries_about

__all__ = ["entries", "entries_about"]
