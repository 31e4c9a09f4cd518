"""Compiles the translations (.po → .mo) with Babel, so that no gettext program is needed."""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[1]


def compile_all(package: Path = PACKAGE) -> int:
    """Writes every .mo that is missing or older than its .po; returns how many."""
    written = 0
    for source in sorted(package.glob("*/locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalog = read_po(file)
        partial = target.with_suffix(f".{os.getpid()}.partial")
        with partial.open("wb") as file:
            write_mo(file, catalog)
        partial.replace(target)
        written += 1
    return written
