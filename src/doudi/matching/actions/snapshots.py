"""The snapshot: a population as of a day in Parquet, written in whole or not at all."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
from django.db import transaction

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.engine.rulebook import Rulebook
from doudi.lib.working_days import day_of
from doudi.matching.actions.folders import META, forget_older, holds, is_own, put_in_place, usual_folder, written_beside
from doudi.matching.logic.families import NOT_ANSWERED, Family
from doudi.matching.logic.files import SLICE, SnapshotFile
from doudi.matching.logic.tables import WHY, Line, household_table, person_table
from doudi.matching.logic.wanted import AUTHORISED, given_facts, wanted_feeds
from doudi.matching.models import Snapshot
from doudi.matching.queries.families import families
from doudi.matching.queries.lake import KEYS, Held, held, write_record
from doudi.matching.queries.permits import Permitted
from doudi.registry.logic.batches import chunks
from doudi.registry.queries import screened_households

BATCH = 5_000
"""Households held in memory at a time while a snapshot is made."""


@transaction.atomic
def make_snapshot(
    *,
    actor: Actor,
    at: datetime.datetime,
    as_of: datetime.date,
    place: str,
    out: Path,
    rulebook: Rulebook,
    households: Sequence[uuid.UUID] | None = None,
    permitted: Permitted | None = None,
    slice_size: int = SLICE,
) -> Snapshot:
    """Write households, persons and their records of a place (or of the households given) as of a day into `out`.

    What lies there is never replaced: the folder is then `out-2` or the next (`folder` of what is returned). Only
    what lies in HOME/snapshots is kept as a row.
    """
    chosen = sorted(screened_households(as_of, place) if households is None else households)
    with written_beside(out := out.resolve()) as partial:
        persons = _write(partial, rulebook, chosen, as_of, permitted, slice_size)
        meta = {
            "as_of": as_of.isoformat(),
            "place": place,
            "rulebook": rulebook.hash,
            "slices": (len(chosen) + slice_size - 1) // slice_size,
            "households": len(chosen),
            "persons": persons,
        }
        text = json.dumps(meta, ensure_ascii=False, sort_keys=True)
        (partial / META).write_text(text, encoding="utf-8")
        folder = put_in_place(partial, out)
    made = Snapshot(
        as_of=as_of, place=place, rulebook=rulebook.hash, folder=folder.name, households=len(chosen), persons=persons,
        made_at=at,
    )  # fmt: skip
    if is_own(folder):
        made.save(force_insert=True)
        forget_older(folder)
    record_act(
        actor=actor, verb="matching.make_snapshot", subjects=[("snapshot", str(made.id))], at=at, before=None,
        after=sha256(text.encode()).digest(), count=len(chosen),
    )  # fmt: skip
    return made


def snapshot_for(
    *, actor: Actor, at: datetime.datetime, as_of: datetime.date, place: str, folder: Path, rulebook: Rulebook
) -> Path:
    """The snapshot of that place and day made today with this rulebook's facts; else it is made, in `folder`."""
    for made in Snapshot.objects.filter(place=place, as_of=as_of, rulebook=rulebook.hash).order_by("-made_at"):
        if day_of(made.made_at) != day_of(at):
            break
        if holds(folder / made.folder, place, as_of, rulebook.hash):
            return folder / made.folder
    out = usual_folder(folder, place, as_of, rulebook.hash)
    return folder / make_snapshot(actor=actor, at=at, as_of=as_of, place=place, out=out, rulebook=rulebook).folder


@dataclass(slots=True)
class _Out:
    """Open files of the snapshot, by name."""

    folder: Path
    files: dict[str, SnapshotFile] = field(default_factory=dict)

    def add(self, name: str, table: pa.Table) -> None:
        if name not in self.files:
            self.files[name] = SnapshotFile(self.folder / f"{name}.parquet", table.schema)
        self.files[name].add(table)

    def close(self) -> None:
        for file in self.files.values():
            file.close()


def _write(
    folder: Path,
    rulebook: Rulebook,
    chosen: Sequence[uuid.UUID],
    as_of: datetime.date,
    permitted: Permitted | None,
    slice_size: int,
) -> int:
    """All files but meta.json; returns how many persons were written."""
    feeds, facts = wanted_feeds(rulebook), given_facts(rulebook)
    authorised = [feed.feed for feed in feeds if feed.scope == AUTHORISED]
    lake = [held(feed, as_of) for feed in feeds]
    out, households, count = _Out(folder), 0, 0
    for batch in chunks(chosen, BATCH) if chosen else [[]]:
        found = families(batch, as_of, authorised, permitted=permitted)
        slices = [(households + number) // slice_size for number in range(len(found))]
        lines = _lines(found, slices, households, count)
        keys = [key for line in lines for key in line.subject.keys]
        why = {item.wanted.record: _reasons(item, lines, item.spoiled(keys)) for item in lake}
        out.add("households", household_table(found, facts, slices, household_row=households, person_row=count))
        out.add("persons", person_table(lines, facts, why))
        out.add(KEYS, _keys(lines))
        households += len(found)
        count += len(lines)
    out.close()
    for item in lake:
        write_record(item, folder, persons=count)
    (folder / f"{KEYS}.parquet").unlink()
    return count


def _keys(lines: Sequence[Line]) -> pa.Table:
    """Which lake keys belong to which persons; on disk only while the snapshot is made."""
    pairs = [(key.bytes, line) for line in lines for key in line.subject.keys]
    return pa.table(
        {
            "key": pa.array([key for key, _line in pairs], pa.uuid()),
            "person_row": pa.array([line.person_row for _key, line in pairs], pa.int32()),
            "household_row": pa.array([line.household_row for _key, line in pairs], pa.int32()),
        }
    )


def _lines(found: Sequence[Family], slices: Sequence[int], household: int, person: int) -> list[Line]:
    """The persons of some families, numbered on from the rows given."""
    pairs = [(number, family, subject) for number, family in enumerate(found) for subject in family.subjects]
    return [
        Line(family, subject, slices[number], household + number, person + place)
        for place, (number, family, subject) in enumerate(pairs)
    ]


def _reasons(item: Held, lines: Sequence[Line], spoiled: set[uuid.UUID]) -> list[int | None]:
    """Why each person's rows of a feed are missing; None where they are answered."""
    answered = None if item.answered else WHY[NOT_ANSWERED]
    guarded = item.wanted.scope == AUTHORISED
    reasons: list[int | None] = []
    for _family, subject, *_ in lines:
        if guarded and item.wanted.feed not in subject.permitted:
            reasons.append(WHY["not_permitted"])
        elif not subject.keys or not spoiled.isdisjoint(subject.keys):
            reasons.append(WHY[NOT_ANSWERED])
        else:
            reasons.append(answered)
    return reasons
