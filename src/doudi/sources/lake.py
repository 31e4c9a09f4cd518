"""The lake on disk: one current Parquet a feed, written aside, swapped in whole. The manifest is the truth."""

from __future__ import annotations

import datetime
import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from doudi.core.archive import keep
from doudi.core.errors import Unavailable
from doudi.engine.backends import jail
from doudi.engine.backends.locked import quoted
from doudi.engine.feeds import Feed
from doudi.sources.models import Delivery, LakeFile
from doudi.sources.places import lake_folder
from doudi.sources.sound import digest_of, sound_path


def lock(feed: str) -> None:
    """One swap of a feed at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"sources.lake.{feed}"])


def swap_in(feed: Feed, fresh: Path, delivery: Delivery, at: datetime.datetime) -> LakeFile:
    """Make `fresh` (for an appended feed: joined with what is held) the current file. Called under `lock`.

    The file is in its place before the row says so: after a crash it is an orphan, cleared by the next swap.
    """
    before = LakeFile.objects.filter(feed=feed.name).first()
    if feed.mode == "append" and before is not None:
        fresh = _joined(feed, sound_path(before), fresh)
    digest, size = digest_of(fresh)
    target = lake_folder(feed.name) / f"{digest[:32]}-{delivery.id.hex[:8]}.parquet"
    fresh.chmod(0o600)
    fresh.rename(target)
    _sync(target.parent)
    keep(Path(settings.HOME), target)
    rows = _rows(target)
    values = {
        "file_name": target.name, "digest": digest, "size": size, "rows": rows, "delivery": delivery, "swapped_at": at,
    }  # fmt: skip
    held, _made = LakeFile.objects.update_or_create(feed=feed.name, defaults=values)
    transaction.on_commit(lambda: sweep(feed.name))
    return held


def deliveries_in(held: LakeFile) -> list[UUID]:
    """The deliveries whose rows a file holds; none when the file is gone."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not (lake_folder(held.feed) / held.file_name).exists():
        return []
    chunks = pq.read_table(sound_path(held), columns=["_delivery"])["_delivery"].chunks
    # a type of ours has no `unique` of its own: its bytes have
    plain = [chunk.storage if isinstance(chunk, pa.ExtensionArray) else chunk for chunk in chunks]
    found = {one for chunk in plain for one in chunk.unique().to_pylist()}
    return sorted(one if isinstance(one, UUID) else UUID(bytes=bytes(one)) for one in found)


def rewritten_without(
    held: LakeFile, deliveries: Collection[UUID], kept: Collection[UUID], at: datetime.datetime
) -> int:
    """The rows of deliveries go, but those of the person keys kept; how many went. Called under `lock`."""
    path = sound_path(held)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    gone = f"_delivery IN ({_listed(deliveries)}) AND person_key NOT IN ({_listed(kept)})"
    copied = (
        f"COPY (SELECT * FROM read_parquet('{quoted(path)}') WHERE NOT ({gone}) "  # noqa: S608
        f"ORDER BY person_key, _delivery, _row) TO '{quoted(fresh)}' "
        "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 65536)"
    )
    try:
        jail.run([copied], [path.parent])
        digest, size = digest_of(fresh)
        fresh.chmod(0o600)
        target = path.with_name(f"{digest[:32]}-{held.delivery_id.hex[:8]}.parquet")
        fresh.rename(target)
    except jail.JailError as error:
        raise Unavailable(
            "sources.not_rewritten", _("数据湖的文件没能改写，原来的不受影响。请联系系统管理员。"), why=error.code
        ) from None
    finally:
        fresh.unlink(missing_ok=True)
    _sync(target.parent)
    before, held.rows = held.rows, _rows(target)
    held.file_name, held.digest, held.size, held.swapped_at = target.name, digest, size, at
    held.save(update_fields=["file_name", "digest", "size", "rows", "swapped_at"])
    transaction.on_commit(lambda: sweep(held.feed))
    return before - held.rows


def _listed(ids: Collection[UUID]) -> str:
    """Ids as SQL; an id that cannot be where there are none."""
    return ", ".join(f"'{UUID(str(one))}'::UUID" for one in ids) or f"'{UUID(int=0)}'::UUID"


def sweep(feed: str) -> None:
    """Clear what the manifest does not name: replaced files and the leavings of a crash."""
    with transaction.atomic():
        lock(feed)
        known = set(LakeFile.objects.filter(feed=feed).values_list("file_name", flat=True))
        for path in lake_folder(feed).iterdir():
            if path.name not in known:
                with suppress(FileNotFoundError):
                    path.unlink()


def _joined(feed: Feed, held: Path, fresh: Path) -> Path:
    """What was held, without the rows whose key comes anew, and the new rows; sorted again."""
    keys = [column.name for column in feed.columns if column.key and column.role is None]
    target = fresh.with_name("joined.parquet")
    same = " AND ".join(["n.person_key = h.person_key", *(f'n."{key}" IS NOT DISTINCT FROM h."{key}"' for key in keys)])
    kept = f"WHERE NOT EXISTS (SELECT 1 FROM fresh AS n WHERE {same})" if keys else ""  # noqa: S608
    views = [
        f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{quoted(path)}')"  # noqa: S608
        for name, path in (("held", held), ("fresh", fresh))
    ]
    joined = f"SELECT * FROM fresh UNION ALL BY NAME SELECT * FROM held AS h {kept}"  # noqa: S608
    copied = (
        f"COPY ({joined} ORDER BY person_key, _delivery, _row) TO '{quoted(target)}' "
        "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 65536)"
    )
    try:
        jail.run([*views, copied], [held.parent, fresh.parent])
    except jail.JailError as error:
        raise Unavailable(
            "sources.not_joined", _("这份数据没能并入原有数据，原来的数据不受影响。请联系系统管理员。"), why=error.code
        ) from None
    return target


def _rows(path: Path) -> int:
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
