"""Pictures of every page, wide and on a phone, in both languages, into var/screens: to be looked at by people.

.venv/bin/python scripts/screens.py [ROLE …]
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

if __name__ == "__main__":
    os.environ["SCREENS_OF"] = " ".join(sys.argv[1:]) or "registrar handler reviewer verification_officer"
    sys.exit(pytest.main(["-q", "-s", str(ROOT / "tests" / "browser" / "pictures.py")]))
