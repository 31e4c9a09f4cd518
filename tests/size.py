"""How much of the same is tried: CI takes a part of each kind, `make long` all of it (TESTS_LONG=1)."""

from __future__ import annotations

import os
from pathlib import Path

LONG = os.environ.get("TESTS_LONG") == "1"

FIRST = (
    "browser/test_all_pages", "flows/test_demo", "engine/test_spark", "operations/test_backup",
    "browser/test_applications", "bars/test_injection", "bars/test_once", "site/test_running", "browser/test_keyboard",
    "rulebook/test_drafts", "engine/test_renderings_agree", "bars/test_plaintext", "browser/test_rules",
    "rulebook/test_draft_pages", "bars/test_mass_assignment", "bars/test_audit", "bench/test_benches",
    "browser/test_signing_in", "flows/test_county_pack", "site/test_policy_commands", "bars/test_backup",
    "browser/test_why", "rulebook/test_published_again", "rulebook/test_upgrade", "bars/test_corpora",
    "bars/test_rotation", "browser/test_deliveries",
)  # fmt: skip
"""Files that take longest. Several processes share the files: no process is to be left with one of these at the end."""


def place_of(path: Path) -> int:
    """The place of a file in the order of a run."""
    name = f"{path.parent.name}/{path.stem}"
    return FIRST.index(name) if name in FIRST else len(FIRST)
