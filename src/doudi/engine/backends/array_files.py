"""Columns of a snapshot's Parquet files as arrays: only those needed, only the rows of some households."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from doudi.engine.backends.arrays import LIMIT, Array, Code, Day, Number, TooWide, Truth, Values
from doudi.engine.tree import Kind

_CODES = ("code", "area")


class File:
    """One Parquet file whose rows stand in the order of households and persons; opened once, read by any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._metadata = pq.read_metadata(path)
        names = self._metadata.schema.to_arrow_schema().names
        self.columns = set(names)
        self._codes: list[str] = []
        self._spans = self._row_spans(names)

    def read_as_codes(self, kinds: dict[str, Kind]) -> None:
        """Texts of these columns come as places in a list of words."""
        self._codes = [name for name, kind in kinds.items() if kind.base in _CODES and name in self.columns]

    def _row_spans(self, names: list[str]) -> list[tuple[int, int] | None]:
        """First and last household of each row group, where the file says."""
        place = names.index("household_row")
        found: list[tuple[int, int] | None] = []
        for number in range(self._metadata.num_row_groups):
            said = self._metadata.row_group(number).column(place).statistics
            found.append((said.min, said.max) if said is not None and said.has_min_max else None)
        return found

    def read(self, columns: list[str], first: int, last: int) -> pa.Table:
        """These columns of the row groups that hold households from `first` to `last` (and perhaps others)."""
        groups = [n for n, span in enumerate(self._spans) if span is None or (span[0] <= last and span[1] >= first)]
        with pq.ParquetFile(self._path, metadata=self._metadata, read_dictionary=self._codes) as file:
            table = file.read_row_groups(groups, columns=columns, use_threads=False)
        return table.unify_dictionaries().combine_chunks()


def plain(column: pa.ChunkedArray) -> Any:
    """Whole numbers; -1 where there is none."""
    return _one(column).fill_null(-1).to_numpy()


def values(column: pa.ChunkedArray, kind: Kind) -> Values:
    """A column as values of its kind."""
    array = _one(column)
    if kind.base in _CODES:
        return _code(array)
    gone = np.asarray(array.is_null()) if array.null_count else None
    if kind.base == "boolean":
        said = array.fill_null(False).to_numpy(zero_copy_only=False)
        return Truth(said, ~said if gone is None else ~said & ~gone)
    if kind.base in ("date", "month"):
        return Day(array.cast(pa.int32()).fill_null(0).to_numpy(), gone)
    found = _whole(array, gone)
    bound = max(int(found.max()), -int(found.min())) if len(found) else 0
    if bound >= LIMIT:
        raise TooWide("a stored amount")
    return Number(found, 0 if kind.base == "integer" else _scale(kind), gone, bound)


def _scale(kind: Kind) -> int:
    return 10 if kind.scale is None else kind.scale


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _code(array: pa.Array) -> Code:
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    places = array.indices.fill_null(-1).to_numpy() if array.indices.null_count else array.indices.to_numpy()
    return Code(places.astype(np.int32, copy=False), tuple(array.dictionary.to_pylist()))


def _whole(array: pa.Array, gone: Array | None) -> Array:
    """The whole numbers behind decimals: their low 64 bits, if the high ones say no more than the sign."""
    if not pa.types.is_decimal(array.type):
        found: Array = array.cast(pa.int64()).fill_null(0).to_numpy()
        return found
    words = np.frombuffer(array.buffers()[1], np.int64)[2 * array.offset : 2 * (array.offset + len(array))]
    low, high = words[::2].copy(), words[1::2]
    if gone is not None:
        low[gone] = 0
        high = np.where(gone, 0, high)
    if (high != low >> 63).any():
        raise TooWide("a stored amount")
    return low
