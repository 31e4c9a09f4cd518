"""Where this house keeps its things, for commands that run without Django."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """DOUDI_HOME, by default ./var."""
    return Path(os.environ.get("DOUDI_HOME", "var")).resolve()
