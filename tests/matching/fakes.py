"""A lake of a few rows in memory, for tests of what matching makes of answers; the real lake is used in test_pack."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


@dataclass(frozen=True)
class FakeCoverage:
    from_month: datetime.date | None
    to_month: datetime.date | None


@dataclass
class FakeLake:
    """Answers like `sources.queries`; counts how often each feed was read."""

    coverages: dict[str, FakeCoverage] = field(default_factory=dict)
    held: dict[str, dict[uuid.UUID, list[dict[str, Any]]]] = field(default_factory=dict)
    spoiled: dict[str, set[uuid.UUID]] = field(default_factory=dict)
    reads: list[str] = field(default_factory=list)
    folder: Path = Path()

    def coverage(self, feed: str) -> FakeCoverage | None:
        return self.coverages.get(feed)

    def rows_for(self, feed: str, keys: list[uuid.UUID]) -> dict[uuid.UUID, list[dict[str, Any]]]:
        self.reads.append(feed)
        return {key: rows for key, rows in self.held.get(feed, {}).items() if key in keys}

    def tainted(self, feed: str, keys: list[uuid.UUID]) -> set[uuid.UUID]:
        return self.spoiled.get(feed, set()) & set(keys)

    def lake_path(self, feed: str) -> Path:
        """The rows as a Parquet file, keys as UUID."""
        rows = [{"person_key": key.bytes, **row} for key, held in self.held.get(feed, {}).items() for row in held]
        columns = sorted({name for row in rows for name in row} | {"person_key"})
        plain = pa.table({name: pa.array([row.get(name) for row in rows]) for name in columns if name != "person_key"})
        keys = pa.array([row["person_key"] for row in rows], pa.uuid())
        path = self.folder / f"{feed}.parquet"
        pq.write_table(
            plain.append_column("person_key", keys) if plain.num_columns else pa.table({"person_key": keys}), path
        )
        return path
