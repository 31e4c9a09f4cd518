"""A family to hold."""

from __future__ import annotations

from tests.desk.conftest import family

__all__ = ["family"]
