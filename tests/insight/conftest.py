"""A county with one family that has applied, and staff to sign in; as in the tests of cases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.cases.conftest import County, assessed, county, entered, handler, registrar, verified

__all__ = ["County", "assessed", "county", "entered", "handler", "registrar", "verified"]


@pytest.fixture(autouse=True)
def no_files_left() -> Iterator[None]:
    """Snapshots of a test go with it."""
    yield
    for name in ("snapshots", "simulations"):
        shutil.rmtree(settings.HOME / name, ignore_errors=True)
