"""Where this house keeps its things, for commands that run without Django."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """DOUDI_HOME, by default ./var."""
    return Path(os.environ.get("DOUDI_HOME", "var")).resolve()


def policy_folder() -> Path:
    """DOUDI_POLICY, by default the policy folder beside the package."""
    shipped = Path(__file__).resolve().parents[3] / "policy"
    return Path(os.environ.get("DOUDI_POLICY", shipped)).resolve()
