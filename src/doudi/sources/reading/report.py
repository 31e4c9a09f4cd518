"""What is reported of a delivery while it is read: problems by row, and the rows set aside with their cells."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import IO, Any

from doudi.sources.reading.cells import stored
from doudi.sources.reading.faults import Problem, Refusal, problem
from doudi.sources.reading.job import ASIDE, Outcome

LISTED = 5_000
"""Problems listed one by one; the rest are only counted."""
SET_ASIDE = 100_000
"""More rows than this set aside: the file is not what was agreed."""
WARNINGS = ("row.note", "row.people", "header.unnamed")


def private_file(path: Path) -> IO[str]:
    """A new file that only this account can read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")


class Report:
    """Collects; `aside` goes to a file at once, so that memory stays bounded."""

    def __init__(self, folder: Path) -> None:
        self.outcome = Outcome()
        self._counts: Counter[str] = Counter()
        self._aside = private_file(folder / ASIDE)
        self._number = 0

    def note(self, found: Problem) -> None:
        """A problem, listed or at least counted."""
        self._counts[found.code] += 1
        if len(self.outcome.problems) < LISTED:
            self.outcome.problems.append(found.data())

    def set_aside(self, found: Problem, cells: list[Any] | None, key: bytes | None, *, waits: bool = False) -> None:
        """One row that is not taken in. `key` is its person's, when the number is usable."""
        line = {
            "row": found.row, "code": found.code, "column": found.column or "", "waits": waits,
            "key": key.hex() if key else None, "cells": None if cells is None else [stored(cell) for cell in cells],
        }  # fmt: skip
        self._aside.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._number += 1
        if waits:
            self.outcome.waiting += 1
        else:
            self.outcome.quarantined += 1
        if self._number > SET_ASIDE:
            raise Refusal(problem("delivery.too_many", limit=SET_ASIDE))

    def close(self) -> Outcome:
        """The outcome, problems in the order of rows."""
        self._aside.close()
        self.outcome.problems.sort(key=lambda one: one["row"] or 0)
        self.outcome.problem_counts = dict(self._counts)
        return self.outcome
