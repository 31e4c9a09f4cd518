"""Rows of the lake by person key; which keys had a row set aside."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from django.db import connection
from django.utils.translation import gettext_lazy as _

from doudi.core.errors import Missing, Unavailable
from doudi.engine.backends.locked import connect, quoted, watched
from doudi.sources.models import LakeFile
from doudi.sources.sound import sound_path

MANY = 20_000
MEMORY = "1GB"


def lake_path(feed: str) -> Path:
    """The current Parquet of a feed: person_key UUID, its columns, _row, _delivery, sorted by key.

    Missing if there is none, Unavailable if it is not the file that was put there.
    """
    held = LakeFile.objects.filter(feed=feed).first()
    if held is None:
        raise Missing("sources.nothing_held", _("这项数据还没有收到过。请先接收交付。"), feed=feed)
    return sound_path(held)


def rows_for(feed: str, keys: Collection[uuid.UUID]) -> dict[uuid.UUID, list[dict[str, Any]]]:
    """Rows by key, in the order of the file: the feed's columns, `_row`, `_delivery`; only keys that have rows."""
    if not keys or not LakeFile.objects.filter(feed=feed).exists():
        return {}
    try:
        names, rows = _read(lake_path(feed), set(keys))
    except (duckdb.IOException, Unavailable):  # swapped between asking and opening
        names, rows = _read(lake_path(feed), set(keys))
    found: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for key, *values in rows:
        found.setdefault(key, []).append(dict(zip(names, values, strict=True)))
    return found


def _read(path: Path, keys: set[uuid.UUID]) -> tuple[list[str], list[tuple[Any, ...]]]:
    """(names of the columns after the key, rows with the key first)."""
    wanted = pa.table({"key": pa.array(sorted(str(key) for key in keys), pa.string())})
    with connect(MEMORY, [path.parent]) as lake, watched(lake):
        lake.register("wanted", wanted)
        found = lake.execute(
            f"SELECT l.* FROM read_parquet('{quoted(path)}') AS l "  # noqa: S608  (a path of our own)
            "SEMI JOIN (SELECT key::UUID AS key FROM wanted) AS w ON l.person_key = w.key "
            "WHERE l.person_key BETWEEN ?::UUID AND ?::UUID ORDER BY l.person_key, l._delivery, l._row",
            [wanted["key"][0].as_py(), wanted["key"][-1].as_py()],
        )
        names = [column[0] for column in found.description or ()]
        return names[1:], found.fetchall()


def tainted(feed: str, keys: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Keys with a row of a current delivery set aside for something but its number: their facts are unknown."""
    found: set[uuid.UUID] = set()
    wanted = list(keys)
    with connection.cursor() as cursor:
        for first in range(0, len(wanted), MANY):
            part = wanted[first : first + MANY]
            cursor.execute("SELECT person_key FROM sources_tainted(%s, %s)", [feed, part])
            found.update(key for (key,) in cursor.fetchall())
    return found
