"""A-01 to A-05, A-07, A-08: what is promised of the log of acts."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connections

import doudi.audit.verify
from doudi.audit.actions import record_act
from doudi.audit.actions.checkpoints import hand_out, sign_checkpoint
from doudi.audit.actions.sequencing import sequence_entries
from doudi.audit.adapters.holders import FolderHolder
from doudi.audit.keeping import keep_once
from doudi.audit.logic.canonical import canonical_bytes
from doudi.audit.models import Checkpoint, Entry
from doudi.audit.queries.checking import Report, check_log
from doudi.audit.queries.tree import inclusion_proof, size
from doudi.core.clock import now
from doudi.site.postgres import Cluster
from tests.audit.conftest import as_keeper
from tests.audit.keeping import AT, ZHOU, kept, signer, written
from tests.audit.tampering import WAYS, Superuser, Tamper, an_entry_and_its_leaf_taken_away_and_the_gap_closed
from tests.bars.conftest import Bar

__all__ = ["as_keeper"]


@contextmanager
def superuser(cluster: Cluster, database: str) -> Iterator[Superuser]:
    """Somebody with all rights, whom no trigger stops."""
    with cluster.connect(database) as made:
        made.execute("SET session_replication_role = replica")
        yield made


def is_located(report: Report, done: Tamper) -> bool:
    """Whether some finding names the entry, or a span with the place."""
    return any(
        (done.entry and one.entry == done.entry)
        or (done.position is not None and one.first is not None and one.first <= done.position <= (one.last or 0) + 1)
        for one in report.findings
    )


@pytest.mark.bar("A-01", "1,000 of 1,000 random changes of the log are found and located")
def test_every_change_is_found_and_located(as_keeper: str, cluster: Cluster, bar: Bar) -> None:
    for number, first in enumerate(range(0, 600, 100)):
        kept(100, first=first, minutes=number + 1)
    assert check_log(key=signer().key).findings == []
    tries, chance, missed = bar.size(len(WAYS) * 3, 1000), random.Random(20260701), []
    connections.close_all()
    with superuser(cluster, as_keeper) as database:
        for number in range(tries):
            saved = _copy(database)
            done = WAYS[number % len(WAYS)](database, chance, 600)
            if not is_located(check_log(key=signer().key), done):
                missed.append(f"{WAYS[number % len(WAYS)].__name__}: {done}")
            _put_back(database, saved)
    bar.says(f"{tries - len(missed)} of {tries} found and located, in {len(WAYS)} ways")
    assert check_log(key=signer().key).findings == [], "put back as it was"
    assert not missed, "\n".join(missed)


_TABLES = ("audit_entry", "audit_subject", "audit_leaf", "audit_tile", "audit_checkpoint", "audit_waiting")


def _copy(database: Superuser) -> None:
    if database.execute("SELECT to_regclass('kept_audit_entry')").fetchone() == (None,):
        for table in _TABLES:
            database.execute(f"CREATE TABLE kept_{table} AS TABLE {table}")  # type: ignore[arg-type]


def _put_back(database: Superuser, _saved: None) -> None:
    for table in _TABLES:
        database.execute(f"TRUNCATE {table}")  # type: ignore[arg-type]
        database.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")  # type: ignore[arg-type]


class Last(random.Random):
    """Always a place behind the last checkpoint but one."""

    def randrange(self, *_arguments: object) -> int:
        return 173


def test_a_gap_closed_behind_the_last_checkpoint_but_one_is_located(as_keeper: str, cluster: Cluster) -> None:
    """No checkpoint fits any more: the span begins where the last fitting one ends, not where leaves end now."""
    kept(100, minutes=1)
    kept(100, first=100, minutes=2)
    connections.close_all()
    with superuser(cluster, as_keeper) as database:
        done = an_entry_and_its_leaf_taken_away_and_the_gap_closed(database, Last(), 200)
    [found] = check_log(key=signer().key).findings
    assert (found.kind, found.first, found.last) == ("log_cut", 100, 199)
    assert done.position == 173 and is_located(check_log(key=signer().key), done)


@pytest.mark.bar("A-02", "a log rewritten whole, with all its checkpoints and the key, is found by one held outside")
def test_a_fork_is_found_by_a_checkpoint_held_outside(
    as_keeper: str, cluster: Cluster, bar: Bar, tmp_path: Path
) -> None:
    holder = FolderHolder(tmp_path)
    kept(100, holders=(holder,))
    kept(100, first=100, minutes=2, holders=(holder,))
    connections.close_all()
    with superuser(cluster, as_keeper) as database:
        for table in (*_TABLES, "audit_holding"):
            database.execute(f"TRUNCATE {table}")  # type: ignore[arg-type]
    written(50)
    record_act(actor=ZHOU, verb="cases.rewritten", subjects=[], at=AT)
    written(169, first=51)
    sequence_entries()
    sign_checkpoint(at=AT + timedelta(minutes=2), signer=signer())
    alone = check_log(key=signer().key)
    assert alone.findings == [], "in itself the new history is whole"
    found = {one.kind for one in check_log(key=signer().key, held=[holder]).findings}
    handed = [error.code for error in hand_out(at=AT + timedelta(minutes=3), holders=[holder], signer=signer())]
    bar.says(f"found by verify ({', '.join(sorted(found))}) and when the next checkpoint is handed out")
    assert found == {"held_history_differs"} and handed == ["audit.history_differs"]


@pytest.mark.bar("A-03", "at least 1,000 entries a second for 60 s, under a checkpoint at most 60 s later")
def test_the_log_keeps_up(as_keeper: str, bar: Bar) -> None:
    seconds, stop, lags = bar.size(6, 60), threading.Event(), []
    signer()
    keys = Path(settings.HOME) / "keys"

    def keeper() -> None:
        signed = time.monotonic()
        while not stop.is_set():
            is_time = time.monotonic() - signed >= 30
            keep_once(at=now(), keys=keys, sign=is_time)
            signed = time.monotonic() if is_time else signed
            time.sleep(2)
        connections.close_all()

    beside = threading.Thread(target=keeper)
    beside.start()
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.audit.writer", as_keeper, str(seconds)], stdout=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for _ in range(3)
    ]  # fmt: skip
    written_by_all = sum(int(writer.communicate()[0]) for writer in writers)
    stop.set()
    beside.join()
    behind = time.monotonic()
    keep_once(at=now(), keys=keys)
    lags.append(time.monotonic() - behind)
    rate = written_by_all / seconds
    newest = Checkpoint.objects.order_by("-size").first()
    bar.says(
        f"{rate:,.0f} entries a second for {seconds} s; all under a checkpoint {30 + 2 + lags[0]:.1f} s later at most"
    )
    assert Entry.objects.count() == size() == (newest.size if newest else 0) >= written_by_all > 0
    assert check_log(key=signer().key).findings == []
    assert 30 + 2 + lags[0] <= 60
    if bar.full:
        assert rate >= 1000


@pytest.mark.bar("A-04", "10,000,000 entries are verified in at most 10 minutes")
def test_a_large_log_is_verified_in_time(as_keeper: str, cluster: Cluster, bar: Bar) -> None:
    count = bar.size(50_000, 10_000_000)
    connections.close_all()
    _fill(cluster, as_keeper, count)
    while sequence_entries(limit=100_000):
        pass
    sign_checkpoint(at=AT, signer=signer())
    started = time.monotonic()
    report = check_log(key=signer().key, workers=2)
    seconds = time.monotonic() - started
    bar.says(f"{count:,} entries in {seconds:,.1f} s, {count / seconds:,.0f} a second")
    assert report.findings == [] and report.size == count
    if bar.full:
        assert seconds <= 600


PART = 50_000


def _fill(cluster: Cluster, database: str, count: int) -> None:
    """Entries as they are written, by COPY, in two processes."""
    begins = range(0, count, PART)
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        list(pool.map(_filled, repeat(cluster), repeat(database), begins, (min(b + PART, count) for b in begins)))
    with cluster.connect(database) as made:
        made.execute("ANALYZE audit_entry, audit_subject, audit_leaf, audit_waiting")


def _filled(cluster: Cluster, database: str, begin: int, end: int) -> None:
    entries = [_entry(number) for number in range(begin, end)]
    with cluster.connect(database) as made, made.cursor() as cursor:
        made.execute("SET synchronous_commit = off")
        with cursor.copy(
            "COPY audit_entry (id, at, account_id, actor_name, role, area_code, purpose, verb, outcome, reason, "
            "count, content_digest, mark, canonical) FROM STDIN"
        ) as copy:
            for one in entries:
                copy.write_row((
                    one.id, one.at, one.account_id, one.actor_name, one.role, one.area_code, one.purpose, one.verb,
                    one.outcome, one.reason, one.count, one.content_digest, one.mark, one.canonical,
                ))  # fmt: skip
        with cursor.copy("COPY audit_subject (entry_id, kind, subject) FROM STDIN") as copy:
            for one in entries:
                copy.write_row((one.id, "household", str(one.id)))


def _entry(number: int) -> Entry:
    made = Entry(
        id=uuid4(), at=AT + timedelta(seconds=number), account_id=str(number % 500), actor_name="周敏", role="handler",
        area_code="990101003", purpose="basic_living", verb="desk.open_household", outcome="seen", reason="",
        content_digest="", mark="",
    )  # fmt: skip
    made.canonical = canonical_bytes(made, [("household", str(made.id))])
    return made


@pytest.mark.bar(
    "A-05", "a decision is proved to be in the log in under 1 s, in at most 2 KB and its record, without our database"
)
def test_an_entry_is_proved_without_the_database(as_keeper: str, bar: Bar, tmp_path: Path) -> None:
    made = kept(bar.size(600, 20_000))
    script, proof, key = Path(doudi.audit.verify.__file__), tmp_path / "proof.json", tmp_path / "log.pub"
    key.write_text(signer().key.text())
    entry = made[len(made) // 3]
    started = time.monotonic()
    found = inclusion_proof(entry.id)
    assert found is not None
    proof.write_text(json.dumps(found, ensure_ascii=False))
    command = [sys.executable, "-I", "-S", str(script), str(proof), "--key", str(key)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - started
    beside = len(proof.read_bytes()) - len(str(found["entry"]).encode())
    wrong = []
    for change in (
        {"entry": str(found["entry"]).replace("cases.propose", "cases.proposes").replace("desk.", "desc.")},
        {"position": int(str(found["position"])) + 1},
        {"path": [*list(found["path"])[1:]]},  # type: ignore[call-overload]
        {"checkpoint": str(found["checkpoint"]).replace(f"\n{size()}\n", f"\n{size() + 1}\n")},
    ):
        proof.write_text(json.dumps(found | change, ensure_ascii=False))
        wrong.append(subprocess.run(command, capture_output=True, check=False).returncode)
    bar.says(f"{seconds:.2f} s, {beside} bytes beside the record; 4 of 4 changed proofs refused")
    assert answer.returncode == 0 and "proved" in answer.stdout and str(entry.id) in answer.stdout
    assert wrong == [1, 1, 1, 1]
    assert beside <= 2048 and seconds < 1
