"""Counties made once for all tests of the twin."""

from __future__ import annotations

from pathlib import Path

import pytest

from doudi.twin.county import County, make_county
from doudi.twin.making import make
from doudi.twin.plan import Plan

SMALL = Plan(seed=7, households=400)
PACK = Plan(seed=7, households=400, dirt=0.1, pack=True)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    make(SMALL, folder)
    return folder


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    make(PACK, folder)
    return folder


@pytest.fixture(scope="session")
def county() -> County:
    """Large enough for shares to be close to what they should be."""
    return make_county(Plan(seed=1, households=30_000))
