"""What stays of a delivery beside the lake, all of it sealed: original, people, rows set aside; and how it goes."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q

from doudi.core.row_context import everywhere
from doudi.core.vault import vault
from doudi.keeping.queries import held
from doudi.sources.models import Delivery, QuarantinedRow, WaitingRow
from doudi.sources.places import original_path, originals_folder, people_path
from doudi.sources.queries.people import people_context
from doudi.sources.queries.returned import original_context
from doudi.sources.reading.job import ASIDE, PEOPLE
from doudi.sources.sealing import seal

KEPT_DAYS = 30
"""An original is kept until its report was fetched (and a day longer), or so many days."""
BATCH = 2_000


def keep_original(made: Delivery, path: Path) -> None:
    """Seal the sender's file."""
    with path.open("rb") as file:
        seal(file, original_path(made.id), original_context(made.id))
    made.has_original = True
    made.save(update_fields=["has_original"])


def keep_people(made: Delivery, folder: Path) -> None:
    """Seal the side file of people, if the feed keeps one."""
    if made.has_people:
        with (folder / PEOPLE).open("rb") as file:
            seal(file, people_path(made.id), people_context(made.id))


def keep_rows_aside(made: Delivery, folder: Path, area: str) -> None:
    """Rows quarantined and waiting, their cells sealed one by one, in the area of who handed the file in."""
    for batch in _batches(folder / ASIDE):
        quarantined = [_quarantined(made, area, line) for line in batch if not line["waits"]]
        QuarantinedRow.objects.bulk_create(quarantined, batch_size=BATCH)
        waiting = [_waiting(made, area, line) for line in batch if line["waits"]]
        WaitingRow.objects.bulk_create(waiting, batch_size=BATCH)


def _quarantined(made: Delivery, area: str, line: dict[str, Any]) -> QuarantinedRow:
    own = uuid.uuid4()
    return QuarantinedRow(
        id=own,
        delivery=made,
        row=line["row"],
        code=line["code"][:40],
        column=line["column"][:120],
        person_key=uuid.UUID(line["key"]) if line["key"] else None,
        area_code=area,
        cells_enc=_sealed(f"sources_quarantinedrow|cells|{own}", line["cells"]),
    )


def _waiting(made: Delivery, area: str, line: dict[str, Any]) -> WaitingRow:
    own = uuid.uuid4()
    sealed = _sealed(f"sources_waitingrow|cells|{own}", line["cells"])
    return WaitingRow(id=own, delivery=made, row=line["row"], area_code=area, cells_enc=sealed)


def _sealed(context: str, cells: list[str]) -> bytes:
    return vault().encrypt(context, json.dumps(cells, ensure_ascii=False).encode())


def _batches(path: Path) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            batch.append(json.loads(line))
            if len(batch) >= BATCH:
                yield batch
                batch = []
    yield batch


def drop_rows_of(replaced: Sequence[Delivery]) -> None:
    """What a replaced delivery kept of people goes; its counts and its report stay. Where a hold stands, original and
    rows set aside wait for the run of the night, which knows whom they are about.
    """
    ids, is_held = [one.id for one in replaced], _some_are_held()
    paths = [people_path(one) for one in ids]
    if not is_held:
        with everywhere("a file of the whole house takes the place of one that somebody else handed in"):
            QuarantinedRow.objects.filter(delivery__in=ids).delete()
            WaitingRow.objects.filter(delivery__in=ids).delete()
        Delivery.objects.filter(id__in=ids).update(has_original=False)
        paths += [original_path(one) for one in ids]
    Delivery.objects.filter(id__in=ids).update(state="superseded", has_people=False)
    unlink_later(paths)


def _some_are_held() -> bool:
    """Whether a hold stands anywhere; the caller's transaction has locked the holds, so that none is placed now."""
    with everywhere("a hold of any county keeps what is in a file of the whole house"):
        return bool(held())


def clear_expired(at: datetime.datetime) -> None:
    """Originals whose time is over; where a hold stands, the run of the night sees to them."""
    unlink_later(_orphans(at))
    if _some_are_held():
        return
    fetched, received = at - datetime.timedelta(days=1), at - datetime.timedelta(days=KEPT_DAYS)
    over = Delivery.objects.filter(has_original=True).filter(Q(fetched_at__lt=fetched) | Q(received_at__lt=received))
    ids = list(over.values_list("id", flat=True))
    Delivery.objects.filter(id__in=ids).update(has_original=False)
    unlink_later([original_path(one) for one in ids])


def _orphans(at: datetime.datetime) -> list[Path]:
    """Sealed files of deliveries that never were: a crash came between the file and the commit."""
    before = at.timestamp() - 3600
    old = [path for path in originals_folder().iterdir() if path.is_file() and path.stat().st_mtime < before]
    ids = {path: _id_of(path) for path in old}
    known = set(Delivery.objects.filter(id__in=[own for own in ids.values() if own]).values_list("id", flat=True))
    return [path for path, own in ids.items() if own not in known]


def _id_of(path: Path) -> uuid.UUID | None:
    try:
        return uuid.UUID(path.name.lstrip(".").split(".")[0])
    except ValueError:
        return None


def unlink_later(paths: list[Path]) -> None:
    """Files go when the transaction has been kept."""

    def unlink() -> None:
        for path in paths:
            with suppress(FileNotFoundError):
                path.unlink()

    transaction.on_commit(unlink)
