"""Reads of insight: policies to start from, days, reforms that are shipped, curves of families."""

from __future__ import annotations

from doudi.insight.queries.curves import Curve, Curves, curve_people, curves_of
from doudi.insight.queries.starting import Shipped, Start, a_worker_is_alive, shipped_reforms, start_of, usual_day

__all__ = [
    "Curve",
    "Curves",
    "Shipped",
    "Start",
    "a_worker_is_alive",
    "curve_people",
    "curves_of",
    "shipped_reforms",
    "start_of",
    "usual_day",
]
