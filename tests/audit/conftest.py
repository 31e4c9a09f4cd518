"""A database of its own, as the keeper of the log sees it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from doudi.site.database import acting_as


@pytest.fixture
def as_keeper(own_database: str, home: Path) -> Iterator[str]:
    """Connected as `work`, the role that sequences and signs."""
    with acting_as("work", home, name=own_database):
        yield own_database
