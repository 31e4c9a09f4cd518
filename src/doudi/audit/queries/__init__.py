"""Reads of the log."""

from doudi.audit.queries.entries import entries, entries_about, looks_of, looks_since

__all__ = ["entries", "entries_about", "looks_of", "looks_since"]
