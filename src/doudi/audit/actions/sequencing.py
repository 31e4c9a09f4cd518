"""Giving entries their place in the tree: one sequencer at a time, gap-free, in one transaction a batch."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.models import Tile, Waiting
from doudi.audit.queries.tree import hash_name, rows, size
from doudi.core.errors import Unavailable
from doudi.lib.merkle import HASHES, TILE, Hash, leaf_hash, root_of

LOCK = 0x446F7564
"""Of the database: whoever holds it sequences."""
BATCH = 20_000
NEXT = """
SELECT w.entry_id, e.canonical, w.since FROM audit_waiting w
CROSS JOIN LATERAL (SELECT canonical FROM audit_entry WHERE id = w.entry_id OFFSET 0) e
ORDER BY w.since, w.entry_id LIMIT %s"""
"""Each entry is looked up by its id. Under row policies the planner thinks that nearly none may be seen: left to itself
it reads the whole log for every batch when many wait.
"""


@transaction.atomic
def sequence_entries(*, limit: int = BATCH) -> int:
    """Appends what waits, the longest waiting first; returns how many. Unavailable when another sequencer is at work.

    An entry that waits but is no longer there keeps waiting: the check tells of it.
    """
    hashed = HASHES[hash_name()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if cursor.fetchone() != (True,):
            raise Unavailable("audit.sequenced_elsewhere", _("另一个进程正在给痕迹排序。同一时间只能有一个。"))
        cursor.execute(NEXT, [limit])
        coming = [(entry, leaf_hash(bytes(data), hashed), since) for entry, data, since in cursor.fetchall()]
        if not coming:
            return 0
        begin = size()
        with cursor.copy("COPY audit_leaf (position, entry_id, hash, since) FROM STDIN") as copy:
            for position, one in enumerate(coming, begin):
                copy.write_row((position, *one))
    _complete(begin, begin + len(coming), [found for _, found, _ in coming], hashed)
    Waiting.objects.filter(entry_id__in=[entry for entry, _, _ in coming]).delete()
    return len(coming)


def _complete(begin: int, end: int, fresh: Sequence[bytes], hashed: Hash, level: int = 0) -> None:
    """The roots of tiles that have become complete in a row that grew from `begin` to `end` by `fresh`, and above."""
    first = begin // TILE * TILE
    row = [*(rows(level, first, begin) if first < begin else ()), *fresh]
    made = [root_of(row[at : at + TILE], hashed) for at in range(0, len(row) - len(row) % TILE, TILE)]
    if made:
        number = first // TILE
        Tile.objects.bulk_create(
            [Tile(level=level + 1, number=at, hash=one) for at, one in enumerate(made, number)], batch_size=1000
        )
        _complete(number, number + len(made), made, hashed, level + 1)
