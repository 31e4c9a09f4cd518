"""Reads of the log."""

from doudi.audit.queries.entries import (
    entries,
    entries_about,
    entries_about_any,
    entries_with_salts,
    looks_of,
    looks_since,
)

__all__ = ["entries", "entries_about", "entries_about_any", "entries_with_salts", "looks_of", "looks_since"]
