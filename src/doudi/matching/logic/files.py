"""The Parquet files of a snapshot: in all of them a row group holds the rows of the same households.

Whoever works out some households then reads whole row groups and nothing twice.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

GROUP = 50_000
"""Households of a row group: from a multiple of it to the next."""
SLICE = 100_000
"""Households of a slice: what a screening writes to one file, resumes and reports at a time."""


class SnapshotFile:
    """One file being written. Tables come in the order of their `household_row`, cut anywhere."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(path, schema, **_options(schema))
        self._waiting: list[pa.Table] = []
        self._group = 0

    def __enter__(self) -> SnapshotFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, table: pa.Table) -> None:
        """Rows after those that were added before."""
        groups = table["household_row"].to_numpy() // GROUP
        cuts = [0, *(np.flatnonzero(np.diff(groups)) + 1).tolist(), len(groups)]
        for start, end in pairwise(cuts):
            if end > start:
                if groups[start] != self._group:
                    self._flush()
                    self._group = int(groups[start])
                self._waiting.append(table.slice(start, end - start))

    def _flush(self) -> None:
        if self._waiting:
            table = pa.concat_tables(self._waiting)
            self._writer.write_table(table, row_group_size=len(table))
            self._waiting.clear()

    def close(self) -> None:
        """Write what is waiting."""
        self._flush()
        self._writer.close()


def _options(schema: pa.Schema) -> dict[str, Any]:
    """So that it is read fast: decimals as the whole numbers they are, codes by a dictionary, ids and amounts (all
    different) not.
    """
    codes = [field.name for field in schema if pa.types.is_string(field.type) and not field.name.endswith("_id")]
    return {"compression": "lz4", "store_decimal_as_integer": True, "use_dictionary": codes}
