"""The fixture `bar`: how large a run is (short in CI, full by BARS_FULL=1), and the figure that its line prints."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import pytest


@dataclass(frozen=True, slots=True)
class Bar:
    """What a test of a bar needs to know, and where it says its figure."""

    full: bool
    _note: Callable[[str, object], None]

    def size(self, short: int, full: int) -> int:
        """How many to try: the short form in CI, the full one when it is asked for."""
        return full if self.full else short

    def says(self, figure: str) -> None:
        """The measured figure, for the line and the report. Said before the assertion, so that a miss has it, too."""
        self._note("figure", figure)


@pytest.fixture
def bar(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Bar:
    """For tests marked `bar(id, what)`."""
    mark = request.node.get_closest_marker("bar")
    assert mark is not None, "a test that uses `bar` is marked bar(id, what)"
    for name, value in zip(("bar", "what"), mark.args, strict=True):
        record_property(name, value)
    return Bar(os.environ.get("BARS_FULL") == "1", record_property)
