"""The side file of people: rows with number and name, for registers and ledgers only; sealed by the parent."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from doudi.engine.feeds import Feed
from doudi.sources.reading.lake_file import arrow_type, lake_columns


def keeps_people(feed: Feed) -> bool:
    """Only lists that say who lives where or who receives make a register; other feeds leave no names behind."""
    return any(column.role == "people" or column.name == "household_no" for column in feed.columns)


class PeopleFile:
    """Written chunk by chunk, readable by this account only."""

    def __init__(self, feed: Feed, path: Path) -> None:
        self._columns = lake_columns(feed)
        self.schema = pa.schema(
            [
                pa.field("number", pa.string()),
                pa.field("name", pa.string()),
                pa.field("people", pa.string()),
                *(pa.field(column.name, arrow_type(column)) for column in self._columns),
                pa.field("_row", pa.int32()),
            ]
        )
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._writer = pq.ParquetWriter(self._file, self.schema, compression="zstd")

    def add(
        self,
        numbers: Sequence[str],
        names: Sequence[str | None],
        people: Sequence[list[tuple[str, str]]],
        values: dict[str, list[Any]],
        rows: Sequence[int],
    ) -> None:
        """A chunk of rows with usable numbers."""
        none = [None] * len(numbers)
        arrays = [
            pa.array(list(numbers), pa.string()),
            pa.array(list(names), pa.string()),
            pa.array([json.dumps(one, ensure_ascii=False) if one else None for one in people], pa.string()),
            *(pa.array(values.get(column.name, none), arrow_type(column)) for column in self._columns),
            pa.array(list(rows), pa.int32()),
        ]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self.schema))

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()
        self._file.close()
