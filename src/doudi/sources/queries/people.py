"""The sealed side file of people of a register or ledger."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pyarrow.parquet as pq

from doudi.sources.models import Delivery
from doudi.sources.places import people_path
from doudi.sources.sealing import opened


def people_context(delivery: uuid.UUID) -> str:
    """What the side file is bound to."""
    return f"sources_delivery|people|{delivery}"


def people_rows(delivery_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """{number, name, people: [[number, name]…], _row, **columns} of the rows with a usable number.

    Kept for feeds that say who lives where or who receives; nothing for others. Whoever calls it writes what it is for
    into the audit log.
    """
    if not Delivery.objects.filter(pk=delivery_id, has_people=True).exists():
        return
    plain = io.BytesIO(b"".join(opened(people_path(delivery_id), people_context(delivery_id))))
    for batch in pq.ParquetFile(plain).iter_batches(batch_size=20_000):
        for row in batch.to_pylist():
            row["people"] = json.loads(row["people"]) if row["people"] else []
            yield row
