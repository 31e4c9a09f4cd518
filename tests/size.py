"""How much of the same is tried: CI takes a part of each kind, `make long` all of it (TESTS_LONG=1)."""

from __future__ import annotations

import os

LONG = os.environ.get("TESTS_LONG") == "1"
