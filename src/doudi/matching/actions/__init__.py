"""Writes of matching: the register from a delivery, the snapshot."""

from __future__ import annotations

from doudi.matching.actions.folders import usual_folder
from doudi.matching.actions.registering import RegisterReport, register_from_delivery
from doudi.matching.actions.snapshots import make_snapshot, snapshot_for

__all__ = ["RegisterReport", "make_snapshot", "register_from_delivery", "snapshot_for", "usual_folder"]
