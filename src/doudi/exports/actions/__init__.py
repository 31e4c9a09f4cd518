"""Every write of exports; each leaves one audit entry."""

from __future__ import annotations

from doudi.exports.actions.approving import ask_approval, decide_approval
from doudi.exports.actions.handing import hand_out

__all__ = ["ask_approval", "decide_approval", "hand_out"]
