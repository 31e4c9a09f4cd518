"""What the parent asks of the child process, and what comes back. Plain data; imports no Django."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field
from typing import Any

from doudi.engine.feeds import Feed

DONE, FAILED = b"1", b"0"
LENGTH = 8
"""Bytes that say how long a job on the pipe is; the answer is one byte."""
RESULT, LAKE, ASIDE, PEOPLE = "result.json", "lake.parquet", "aside.jsonl", "people.parquet"
"""Files the child leaves in the folder it is given."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What opening one delivery may use."""

    memory: int = 4 * 2**30
    """Bytes of address space."""
    cpu: int = 900
    """Seconds of processor time."""
    wall: float = 900.0
    """Seconds altogether."""
    file: int = 8 * 2**30
    """Bytes of any file written."""


@dataclass(frozen=True, slots=True)
class Job:
    """One delivery to be read. The key of persons travels on the child's standard input only."""

    feed: Feed
    path: str
    folder: str
    delivery: uuid.UUID
    received_on: datetime.date
    cutoff: datetime.date | None
    limits: Limits
    crypto: str = field(repr=False)
    person_key: bytes = field(repr=False)


@dataclass(slots=True)
class Outcome:
    """What became of a delivery; `refusal` is set when nothing was taken in."""

    refusal: dict[str, Any] | None = None
    rows: int = 0
    accepted: int = 0
    quarantined: int = 0
    waiting: int = 0
    duplicates: int = 0
    left_out: int = 0
    """Totals, repeated headers, notes: rows that are no data."""
    problems: list[dict[str, Any]] = field(default_factory=list)
    problem_counts: dict[str, int] = field(default_factory=dict)
    measured_from: str | None = None
    measured_to: str | None = None
    cutoff: str | None = None
    """Cut-off found in the titles above the header, if the sender did not say another."""
    has_people: bool = False
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int = 0
