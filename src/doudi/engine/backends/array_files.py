"""Columns of a snapshot's Parquet files as arrays: only those needed, only the rows of some households."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import local
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from doudi.engine.backends.arrays import LIMIT, Array, Code, Day, Number, TooWide, Truth, Values
from doudi.engine.tree import Kind

_CODES = ("code", "area")
_FITTING = 18
"""Decimal places that 64 bits always hold."""


class File:
    """One Parquet file whose rows stand in the order of households and persons; opened once, read by any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._metadata = pq.read_metadata(path)
        names = self._metadata.schema.to_arrow_schema().names
        self.columns = set(names)
        self._codes: list[str] = []
        self._spans = self._row_spans(names)
        self._own = local()

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
        table = self._opened().read_row_groups(groups, columns=columns, use_threads=False)
        return table if len(groups) == 1 else table.unify_dictionaries().combine_chunks()

    def _opened(self) -> pq.ParquetFile:
        """The file as this thread has it open."""
        if not hasattr(self._own, "file"):
            self._own.file = pq.ParquetFile(self._path, metadata=self._metadata, read_dictionary=self._codes)
        file: pq.ParquetFile = self._own.file
        return file


def plain(column: pa.ChunkedArray) -> Any:
    """Whole numbers; -1 where there is none."""
    array = _one(column)
    return array.fill_null(-1).to_numpy() if array.null_count else array.to_numpy()


def missing(column: pa.ChunkedArray) -> Array:
    """Which cells are empty."""
    array = _one(column)
    validity = array.buffers()[0]
    if not array.null_count or validity is None:
        return np.full(len(array), bool(array.null_count))
    bits = np.unpackbits(np.frombuffer(validity, np.uint8), count=array.offset + len(array), bitorder="little")
    found: Array = bits[array.offset :] == 0
    return found


@dataclass(frozen=True, slots=True)
class Layout:
    """Which rows of a table are kept (None: all), and how many unknown ones follow them."""

    keep: Array | None = None
    more: int = 0

    def laid(self, array: Array, filling: Any) -> Array:
        """The array of rows like that."""
        if self.keep is None and not self.more:
            return array
        count = len(array) if self.keep is None else len(self.keep)
        found = np.empty(count + self.more, array.dtype)
        if self.keep is None:
            found[:count] = array
        else:
            np.take(array, self.keep, out=found[:count], mode="clip")
        found[count:] = filling
        return found


ALL = Layout()


def values(column: pa.ChunkedArray, kind: Kind, layout: Layout) -> Values:
    """A column as values of its kind."""
    array = _one(column)
    gone = missing(column) if array.null_count else None
    if kind.base in _CODES:
        code = _code(array, gone)
        laid = Code(layout.laid(code.i, -1), code.words)
        return _ordered(laid) if kind.base == "area" else laid
    if kind.base == "boolean":
        said = array.fill_null(False).to_numpy(zero_copy_only=False)
        unsaid = ~said if gone is None else ~(said | gone)
        return Truth(layout.laid(said, False), layout.laid(unsaid, False))
    if gone is not None:
        mask: Array | None = layout.laid(gone, True)
    else:
        mask = layout.laid(np.zeros(len(array), bool), True) if layout.more else None
    if kind.base in ("date", "month"):
        return Day(layout.laid(_without(array.view(pa.int32()), gone), 0), mask)
    found = layout.laid(_whole(array, gone), 0)
    bound = max(int(found.max()), -int(found.min())) if len(found) else 0
    if bound >= LIMIT:
        raise TooWide("a stored amount")
    return Number(found, 0 if kind.base == "integer" else _scale(kind), mask, bound)


def _scale(kind: Kind) -> int:
    return 10 if kind.scale is None else kind.scale


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _without(array: pa.Array, gone: Array | None) -> Array:
    """Whole numbers of which those that are gone are nothing."""
    if gone is not None:
        array = array.fill_null(0)
    found: Array = array.to_numpy()
    return found


def _code(array: pa.Array, gone: Array | None) -> Code:
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    places = array.indices.to_numpy() if gone is None else array.indices.fill_null(-1).to_numpy()
    return Code(places.astype(np.int32, copy=False), tuple(array.dictionary.to_pylist()))


def _ordered(code: Code) -> Code:
    """The same by words in their order: all parts of a population then have the same list of areas."""
    order = sorted(range(len(code.words)), key=code.words.__getitem__)
    table = np.array([*np.argsort(order), -1], np.int32)
    return Code(table[code.i], tuple(code.words[place] for place in order))


def _whole(array: pa.Array, gone: Array | None) -> Array:
    """The whole numbers behind decimals: their low 64 bits, if the high ones say no more than the sign."""
    if not pa.types.is_decimal(array.type):
        return _without(array.cast(pa.int64()), gone)
    words = np.frombuffer(array.buffers()[1], np.int64)[2 * array.offset : 2 * (array.offset + len(array))]
    low = words[::2].copy()
    if gone is not None:
        low[np.flatnonzero(gone)] = 0
    if array.type.precision > _FITTING:
        high = words[1::2] if gone is None else np.where(gone, 0, words[1::2])
        if (high != low >> 63).any():
            raise TooWide("a stored amount")
    return low
