"""A county with one family that has applied, and staff to sign in; as in the tests of cases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings

from doudi.engine.policy import load
from doudi.engine.rulebook import Rulebook, resolve
from tests.cases.conftest import COUNTY, POLICY, County, assessed, county, entered, handler, registrar, verified

__all__ = ["County", "assessed", "county", "entered", "handler", "registrar", "verified"]


@pytest.fixture
def county_rules() -> Rulebook:
    """The shipped rules of the made-up county."""
    return resolve(load(POLICY), COUNTY)


@pytest.fixture(autouse=True)
def no_files_left() -> Iterator[None]:
    """Snapshots of a test go with it."""
    yield
    for name in ("snapshots", "simulations"):
        shutil.rmtree(settings.HOME / name, ignore_errors=True)
