"""Taking in a delivery: read in a child process, then swapped in whole in one transaction, or refused."""

from __future__ import annotations

import datetime
import hashlib
import os
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Refused
from doudi.core.vault import vault
from doudi.engine.feeds import Feed
from doudi.keeping.queries import lock_holds
from doudi.lib.identity_number import without_numbers
from doudi.lib.working_days import day_of
from doudi.sources.actions.keeping import clear_expired, drop_rows_of, keep_original, keep_people, keep_rows_aside
from doudi.sources.lake import lock, swap_in
from doudi.sources.logic.coverage import months_of
from doudi.sources.models import Delivery
from doudi.sources.places import workshop
from doudi.sources.queries.agreements import agreement_hash, feed_for_file, feeds
from doudi.sources.reading.job import LAKE, Job, Limits, Outcome
from doudi.sources.reading.running import Reader

AGAIN = ("file.limits", "file.unreadable")
"""Refusals that may have been the machine's fault: the same file is read anew."""
COPIED = "delivery"


@dataclass(frozen=True, slots=True)
class _Incoming:
    """A file on its way in: copied aside, so that what is hashed is what is read."""

    feed: Feed
    name: str
    path: Path
    digest: str
    size: int
    cutoff: datetime.date | None
    agreement: str


def receive_file(
    *,
    actor: Actor,
    at: datetime.datetime,
    path: Path,
    file_name: str = "",
    feed: str | None = None,
    cutoff: datetime.date | None = None,
    limits: Limits | None = None,
    reader: Reader | None = None,
) -> Delivery:
    """One delivery. Its feed is named or follows from the file's name (Refused `sources.no_feed`).

    A bad file comes back as a delivery with state `refused` and its `problem`. The same file, read by the same
    agreement, is one delivery. Whoever takes in many gives the `reader` to be used for all.
    """
    agreed = _agreed(file_name or path.name, feed)
    with workshop() as folder:
        incoming = _copied(path, folder, agreed, file_name or path.name, cutoff)
        known = _known(incoming)
        if known is not None:
            return known
        delivery = uuid.uuid4()
        job = _job(incoming, folder, delivery, at, limits or Limits())
        if reader is not None:
            return _settle(actor, at, incoming, delivery, reader.read(job), folder)
        with Reader() as own:
            outcome = own.read(job)
        return _settle(actor, at, incoming, delivery, outcome, folder)


def receive_files(
    *,
    actor: Actor,
    at: datetime.datetime,
    paths: Sequence[Path],
    cutoff: datetime.date | None = None,
    readers: int | None = None,
) -> list[Delivery]:
    """Several deliveries, read side by side, swapped in one after the other, in the order given."""
    agreed = [_agreed(path.name, None) for path in paths]
    with workshop() as folder:
        waiting = []
        for number, (path, feed) in enumerate(zip(paths, agreed, strict=True)):
            own = folder / str(number)
            own.mkdir(mode=0o700)
            incoming = _copied(path, own, feed, path.name, cutoff)
            job = None if _known(incoming) else _job(incoming, own, uuid.uuid4(), at, Limits())
            waiting.append((incoming, own, job))
        jobs = [job for _incoming, _own, job in waiting if job]
        outcomes = dict(zip((job.delivery for job in jobs), _read(jobs, readers), strict=True))
        found = []
        for incoming, own, job in waiting:
            known = _known(incoming)
            if known is None and job is not None:
                known = _settle(actor, at, incoming, job.delivery, outcomes[job.delivery], own)
            found += [known] if known else []
        return found


def _read(jobs: Sequence[Job], readers: int | None) -> list[Outcome]:
    """The outcomes of jobs, the largest files begun first; every thread has a reader of its own."""
    free: Queue[Reader] = Queue()
    count = max(1, min(readers or min(4, os.cpu_count() or 1), len(jobs)))
    with ExitStack() as stack, ThreadPoolExecutor(count) as pool:
        for _each in range(count):
            free.put(stack.enter_context(Reader()))

        def one(job: Job) -> Outcome:
            reader = free.get()
            try:
                return reader.read(job)
            finally:
                free.put(reader)

        order = sorted(range(len(jobs)), key=lambda at: -Path(jobs[at].path).stat().st_size)
        begun = {at: pool.submit(one, jobs[at]) for at in order}
        return [begun[at].result() for at in range(len(jobs))]


def _agreed(name: str, feed: str | None) -> Feed:
    found = feeds().get(feed) if feed else feed_for_file(name)
    if found is None:
        raise Refused(
            "sources.no_feed",
            _("没有约定过这样的交付：文件名对不上任何一项。请按约定的文件名传送，或在上传时选定是哪一项。"),
            file=name,
        )
    return found


def _copied(path: Path, folder: Path, feed: Feed, name: str, cutoff: datetime.date | None) -> _Incoming:
    digest, size = hashlib.sha256(), 0
    target = folder / COPIED
    with (
        path.open("rb") as source,
        os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy,
    ):
        while piece := source.read(4 * 2**20):
            digest.update(piece)
            copy.write(piece)
            size += len(piece)
    return _Incoming(feed, without_numbers(name)[-255:], target, digest.hexdigest(), size, cutoff, agreement_hash(feed))


def _known(incoming: _Incoming) -> Delivery | None:
    """The delivery this very file has been already, unless something about its reading has changed since."""
    same = Delivery.objects.filter(
        feed=incoming.feed.name, digest=incoming.digest, agreement=incoming.agreement, state__in=["accepted", "refused"]
    )
    if incoming.cutoff is not None:
        same = same.filter(cutoff=incoming.cutoff)
    return same.exclude(problem__code__in=AGAIN).order_by("-received_at").first()


def _job(incoming: _Incoming, folder: Path, delivery: uuid.UUID, at: datetime.datetime, limits: Limits) -> Job:
    keys = vault()
    return Job(
        feed=incoming.feed,
        path=str(incoming.path),
        folder=str(folder),
        delivery=delivery,
        received_on=day_of(at),
        cutoff=incoming.cutoff,
        limits=limits,
        crypto=keys.crypto,
        person_key=keys.person,
    )


@transaction.atomic
def _settle(
    actor: Actor, at: datetime.datetime, incoming: _Incoming, delivery: uuid.UUID, outcome: Outcome, folder: Path
) -> Delivery:
    """Everything a delivery changes, or nothing."""
    lock_holds(shared=True)
    lock(incoming.feed.name)
    known = _known(incoming)
    if known is not None:
        return known
    clear_expired(at)
    made = _delivery(actor, at, incoming, delivery, outcome)
    if outcome.refusal is None:
        _take_over(actor, made, incoming.feed, folder, at)
    else:
        made.save(force_insert=True)
    keep_original(made, incoming.path)
    record_act(
        actor=actor,
        verb="sources.receive_file",
        subjects=[("delivery", made.id), ("feed", made.feed)],
        at=at,
        outcome="done" if outcome.refusal is None else "refused",
        reason=outcome.refusal["code"] if outcome.refusal else "",
        count=made.rows,
        digest=made.digest,
    )
    return made


def _delivery(
    actor: Actor, at: datetime.datetime, incoming: _Incoming, delivery: uuid.UUID, outcome: Outcome
) -> Delivery:
    said = datetime.date.fromisoformat(outcome.cutoff) if outcome.cutoff else None
    cutoff = incoming.cutoff or said
    measured = tuple(
        datetime.date.fromisoformat(text) if text else None for text in (outcome.measured_from, outcome.measured_to)
    )
    first, last = months_of(incoming.feed.coverage, cutoff, measured, day_of(at))  # type: ignore[arg-type]
    return Delivery(
        id=delivery, feed=incoming.feed.name, file_name=incoming.name, digest=incoming.digest,
        agreement=incoming.agreement, size=incoming.size, state="refused" if outcome.refusal else "accepted",
        received_at=at, received_by=actor.account_id, cutoff=cutoff,
        from_month=None if outcome.refusal else first, to_month=None if outcome.refusal else last,
        rows=outcome.rows, accepted=outcome.accepted, quarantined=outcome.quarantined, waiting=outcome.waiting,
        duplicates=outcome.duplicates, problem=outcome.refusal, has_people=outcome.has_people,
        report={
            "problems": outcome.problems, "counts": outcome.problem_counts, "left_out": outcome.left_out,
            "encoding": outcome.encoding, "delimiter": outcome.delimiter, "sheet": outcome.sheet,
            "header_row": outcome.header_row,
        },
    )  # fmt: skip


def _take_over(actor: Actor, made: Delivery, feed: Feed, folder: Path, at: datetime.datetime) -> None:
    """The new delivery's rows in place of the old one's, or beside them."""
    if feed.mode == "replace":
        drop_rows_of(list(Delivery.objects.filter(feed=feed.name, state="accepted")))
    made.save(force_insert=True)
    keep_rows_aside(made, folder, actor.area)
    keep_people(made, folder)
    swap_in(feed, folder / LAKE, made, at)
