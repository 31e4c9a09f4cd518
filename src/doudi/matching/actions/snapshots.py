"""The snapshot: a population as of a day in Parquet, written in whole or not at all."""

from __future__ import annotations

import datetime
import json
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.engine.rulebook import Rulebook
from doudi.matching.logic.families import NOT_ANSWERED, Family
from doudi.matching.logic.tables import WHY, Line, household_table, person_table
from doudi.matching.logic.wanted import AUTHORISED, given_facts, wanted_feeds
from doudi.matching.models import Snapshot
from doudi.matching.queries.families import families
from doudi.matching.queries.lake import Held, held, write_record
from doudi.matching.queries.permits import Permitted
from doudi.registry.logic.batches import chunks
from doudi.registry.queries import screened_households

SLICE = 100_000
"""Households a slice."""


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
    """Write households, persons and their records of a place (or of the households given) as of a day into `out`."""
    chosen = sorted(screened_households(as_of, place) if households is None else households)
    partial = out.with_name(out.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
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
    (partial / "meta.json").write_text(text, encoding="utf-8")
    shutil.rmtree(out, ignore_errors=True)
    partial.rename(out)
    made = Snapshot.objects.create(
        as_of=as_of,
        place=place,
        rulebook=rulebook.hash,
        folder=out.name,
        households=len(chosen),
        persons=persons,
        made_at=at,
    )
    record_act(
        actor=actor, verb="matching.make_snapshot", subjects=[("snapshot", str(made.id))], at=at, before=None,
        after=sha256(text.encode()).digest(), count=len(chosen),
    )  # fmt: skip
    return made


@dataclass(slots=True)
class _Out:
    """Open files of the snapshot; opened with the first batch, whose columns all others share."""

    folder: Path
    writers: dict[str, pq.ParquetWriter]

    def add(self, name: str, table: pa.Table) -> None:
        if name not in self.writers:
            self.writers[name] = pq.ParquetWriter(self.folder / f"{name}.parquet", table.schema, compression="zstd")
        self.writers[name].write_table(table)

    def close(self) -> None:
        for writer in self.writers.values():
            writer.close()


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
    out, owners, households, count = _Out(folder, {}), _Owners({}), 0, 0
    for part, batch in enumerate(chunks(chosen, slice_size) if chosen else [[]]):
        found = families(batch, as_of, authorised, permitted=permitted)
        lines = _lines(found, part, households, count)
        keys = [key for line in lines for key in line.subject.keys]
        why = {item.wanted.record: _reasons(item, lines, item.spoiled(keys)) for item in lake}
        out.add(
            "households",
            household_table(found, facts, [part] * len(found), household_row=households, person_row=count),
        )
        out.add("persons", person_table(lines, facts, why))
        owners.add(lines, why)
        households += len(found)
        count += len(lines)
    out.close()
    for item in lake:
        write_record(item, owners.table(item.wanted.record), folder / f"{item.wanted.record}.parquet")
    return count


def _lines(found: Sequence[Family], part: int, household: int, person: int) -> list[Line]:
    """The persons of some families, numbered on from the rows given."""
    pairs = [(number, family, subject) for number, family in enumerate(found) for subject in family.subjects]
    return [
        Line(family, subject, part, household + number, person + place)
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


@dataclass(slots=True)
class _Owners:
    """Which lake keys belong to which lines of the snapshot, by record, where the rows may be read."""

    rows: dict[str, list[tuple[str, str, str, int, int, int]]]

    def add(self, lines: Sequence[Line], why: dict[str, list[int | None]]) -> None:
        for record, reasons in why.items():
            self.rows.setdefault(record, []).extend(
                (str(key), str(line.family.household), str(line.subject.person.id), *line[2:])
                for line, reason in zip(lines, reasons, strict=True)
                if reason is None
                for key in line.subject.keys
            )

    def table(self, record: str) -> pa.Table:
        names = ("key", "household_id", "person_id", "slice", "household_row", "person_row")
        types = (pa.string(), pa.string(), pa.string(), pa.int32(), pa.int32(), pa.int32())
        columns = list(zip(*self.rows.get(record, []), strict=True)) or [()] * len(names)
        return pa.table(
            {name: pa.array(list(values), kind) for name, values, kind in zip(names, columns, types, strict=True)}
        )
