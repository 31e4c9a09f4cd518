"""One Spark session for the whole run: two workers on this machine, started by the first test that needs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from doudi.engine.backends.spark_session import spark_session


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """The running session; without Java the tests that need it fail and say what to install."""
    with spark_session("local-cluster[2,1,1024]") as session:
        yield session
