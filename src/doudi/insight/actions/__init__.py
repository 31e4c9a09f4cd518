"""Every write of insight; each leaves one audit entry."""

from __future__ import annotations

from doudi.insight.actions.asking import ask_simulation
from doudi.insight.actions.impacts import reckon_impact
from doudi.insight.actions.publishing import publish_simulation
from doudi.insight.actions.running import carry_out

__all__ = ["ask_simulation", "carry_out", "publish_simulation", "reckon_impact"]
