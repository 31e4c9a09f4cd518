"""Small feeds and files for tests of sources; identity numbers begin with 99."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from doudi.core.actor import Actor
from doudi.lib.identity_number import check_character

AT = datetime.datetime(2026, 7, 2, 1, 0, tzinfo=datetime.UTC)
PACK = Path(__file__).resolve().parents[3] / "shared" / "county-pack"


def number(born: str, serial: int, area: str = "990101") -> str:
    """A synthetic identity number."""
    first17 = f"{area}{born}{serial:03d}"
    return first17 + check_character(first17)


@pytest.fixture
def actor() -> Actor:
    return Actor("7", "核对员", "verification_officer", "990101")


@pytest.fixture
def pack() -> Path:
    """The county pack beside the repository."""
    if not PACK.exists():
        pytest.skip("the county pack is not beside this repository (../shared/county-pack)")
    return PACK
