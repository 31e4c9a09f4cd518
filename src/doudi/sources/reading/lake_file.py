"""The lake's Parquet of one delivery: keys instead of people, typed columns, sorted by key."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from doudi.engine.feeds import Column, Feed

ROW_GROUP = 65_536
PERSONAL = ("identity_number", "person_name")
_TYPES = {
    "money": pa.decimal128(18, 2),
    "number": pa.decimal128(18, 4),
    "integer": pa.int64(),
    "date": pa.date32(),
    "month": pa.date32(),
    "boolean": pa.bool_(),
}


def arrow_type(column: Column) -> pa.DataType:
    """How a column is stored."""
    return _TYPES.get(column.type, pa.string())


def lake_columns(feed: Feed) -> list[Column]:
    """The columns that go into the lake: none with names or numbers of people."""
    return [column for column in feed.columns if column.type not in PERSONAL and column.role is None]


class LakeFile:
    """Collects accepted rows and writes them sorted, in one go."""

    def __init__(self, feed: Feed, delivery: uuid.UUID) -> None:
        self._columns = lake_columns(feed)
        self._delivery = delivery
        self._tables: list[pa.Table] = []
        self.schema = pa.schema(
            [
                pa.field("person_key", pa.binary(16), nullable=False),
                *(pa.field(column.name, arrow_type(column)) for column in self._columns),
                pa.field("_row", pa.int32(), nullable=False),
            ]
        )

    def add(self, keys: list[bytes], values: dict[str, list[Any]], rows: list[int]) -> None:
        """A chunk; columns the delivery does not have are empty."""
        none = [None] * len(keys)
        arrays = [pa.array(keys, pa.binary(16))]
        arrays += [pa.array(values.get(column.name, none), arrow_type(column)) for column in self._columns]
        arrays.append(pa.array(rows, pa.int32()))
        self._tables.append(pa.Table.from_arrays(arrays, schema=self.schema))

    def write(self, path: Path, without: set[int]) -> int:
        """Writes all rows but those numbered in `without`; returns how many."""
        table = pa.concat_tables(self._tables) if self._tables else self.schema.empty_table()
        self._tables.clear()
        if without:
            table = table.filter(pc.invert(pc.is_in(table["_row"], value_set=pa.array(sorted(without), pa.int32()))))
        order = pc.sort_indices(table, sort_keys=[("person_key", "ascending"), ("_row", "ascending")])
        table = table.take(order)
        write_table(_with_identity(table, self._delivery), path)
        return int(table.num_rows)


def _with_identity(table: pa.Table, delivery: uuid.UUID) -> pa.Table:
    """Keys as UUID, the delivery beside each row."""
    keys = table["person_key"].combine_chunks()
    keys = keys if isinstance(keys, pa.Array) else pa.array([], pa.binary(16))
    table = table.set_column(0, "person_key", pa.ExtensionArray.from_storage(pa.uuid(), keys))
    ids = pa.repeat(pa.scalar(delivery.bytes, pa.binary(16)), table.num_rows)
    return table.append_column("_delivery", pa.ExtensionArray.from_storage(pa.uuid(), ids))


def write_table(table: pa.Table, path: Path) -> None:
    """Compressed, with small row groups so that a few people are read quickly."""
    pq.write_table(table, path, compression="zstd", row_group_size=ROW_GROUP, write_page_index=True)
