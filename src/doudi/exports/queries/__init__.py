"""Reads of exports: what was handed out, what is agreed, who a mark names."""

from __future__ import annotations

from doudi.exports.queries.agreed import agreements
from doudi.exports.queries.handouts import handouts_of, marked_as, taken_today

__all__ = ["agreements", "handouts_of", "marked_as", "taken_today"]
