"""The keeper: everything gets its place once, the log is signed, and what can go wrong is told and loses nothing."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from doudi.audit.actions.anchoring import ADVANCE_RELIEF, require_anchored
from doudi.audit.actions.checkpoints import hand_out, sign_checkpoint
from doudi.audit.actions.sequencing import LOCK, NEXT, sequence_entries
from doudi.audit.adapters.holders import FolderHolder
from doudi.audit.adapters.signing import Ed25519Signer, is_signed_by, open_signer
from doudi.audit.keeping import keep, keep_once
from doudi.audit.logic.notes import parse
from doudi.audit.models import Checkpoint, Entry, Leaf, Tile, Waiting
from doudi.audit.queries import anchoring as anchorings
from doudi.audit.queries.anchoring import anchoring
from doudi.audit.queries.tree import root_at, size
from doudi.core.clock import now
from doudi.core.errors import Unavailable
from doudi.core.vault import VaultError
from doudi.lib.merkle import leaf_hash, root_of, sha256
from doudi.site.postgres import Cluster
from tests.audit.keeping import AT, kept, signer, written

pytestmark = pytest.mark.usefixtures("as_keeper")


def test_every_entry_gets_one_place_in_the_order_of_writing_and_waits_no_longer() -> None:
    made = [*written(3), *written(2, first=3)]
    assert Waiting.objects.count() == 5
    assert sequence_entries(limit=4) == 4 and sequence_entries() == 1 and sequence_entries() == 0
    assert list(Leaf.objects.order_by("position").values_list("position", "entry_id")) == [
        (place, entry.id) for place, entry in enumerate(made)
    ]
    assert not Waiting.objects.exists()


def test_a_batch_looks_up_its_own_entries_and_does_not_read_the_log() -> None:
    written(600)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {NEXT}", [100])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "audit_entry_pkey" in plan
    assert "Seq Scan on audit_entry" not in plan


@pytest.mark.parametrize("portions", [[600], [1, 255, 300, 44], [100] * 6, [256, 256, 88]])
def test_the_root_is_that_of_the_entries_however_they_came(portions: list[int]) -> None:
    first = 0
    for portion in portions:
        written(portion, first)
        sequence_entries()
        first += portion
    hashes = [
        leaf_hash(bytes(Entry.objects.get(id=leaf.entry_id).canonical), sha256)
        for leaf in Leaf.objects.order_by("position")
    ]
    assert root_at(600) == root_of(hashes, sha256)
    assert root_at(257) == root_of(hashes[:257], sha256)
    assert sorted(Tile.objects.values_list("level", "number")) == [(1, 0), (1, 1)]


def test_a_checkpoint_is_signed_says_the_root_and_comes_only_when_the_log_has_grown() -> None:
    written(3)
    sequence_entries()
    made = sign_checkpoint(at=AT, signer=signer())
    assert made is not None and is_signed_by(signer().key, made.note)
    note, _ = parse(made.note)
    assert (note.size, note.root, note.at, note.hash_name) == (3, root_at(3), AT, "sha256")
    assert not is_signed_by(Ed25519Signer(b"x" * 32).key, made.note)
    assert not is_signed_by(signer().key, made.note.replace("\n3\n", "\n4\n"))
    assert sign_checkpoint(at=AT + timedelta(minutes=1), signer=signer()) is None


def test_the_wrong_key_and_a_clock_set_back_sign_nothing() -> None:
    kept(2)
    written(1, first=2)
    sequence_entries()
    with pytest.raises(VaultError, match="not the key"):
        sign_checkpoint(at=AT + timedelta(hours=1), signer=Ed25519Signer(b"x" * 32))
    with pytest.raises(Unavailable) as error:
        sign_checkpoint(at=AT - timedelta(hours=1), signer=signer())
    assert error.value.code == "audit.clock_went_back"
    assert Checkpoint.objects.count() == 1 and Leaf.objects.count() == 3


def test_a_missing_key_is_told_and_entries_get_their_places_all_the_same(tmp_path: Path) -> None:
    written(2)
    with pytest.raises(VaultError) as error:
        keep_once(at=AT, keys=tmp_path)
    assert error.value.code == "audit.key_missing" and size() == 2
    (tmp_path / "log_key").write_text("nonsense")
    with pytest.raises(VaultError) as error:
        open_signer(tmp_path)
    assert error.value.code == "audit.key_malformed"


def test_holders_take_what_is_signed_and_refuse_another_history(tmp_path: Path) -> None:
    holder = FolderHolder(tmp_path)
    kept(3, holders=(holder,))
    assert (tmp_path / "log.pub").read_text().strip() == signer().key.text()
    [(note, text)] = holder.notes()
    assert (note.size, note.root) == (3, root_at(3)) and is_signed_by(signer().key, text)
    other = note.signed(signer().key, signer().sign(note.body().encode())).replace("\n3\n", "\n2\n")
    (tmp_path / "checkpoint-00000000000000000003.txt").write_text(other)
    written(1, first=3)
    sequence_entries()
    sign_checkpoint(at=AT + timedelta(minutes=2), signer=signer())
    assert [one.code for one in hand_out(at=AT, holders=[holder], signer=signer())] == ["audit.history_differs"]


def test_a_holder_that_is_away_keeps_no_other_from_it(tmp_path: Path) -> None:
    written(1)
    sequence_entries()
    sign_checkpoint(at=AT, signer=signer())
    there, away = FolderHolder(tmp_path), FolderHolder(tmp_path / "stick")
    assert [one.code for one in hand_out(at=AT, holders=[away, there], signer=signer())] == ["audit.holder_away"]
    assert there.newest() is not None
    (tmp_path / "stick").mkdir()
    assert hand_out(at=AT, holders=[away, there], signer=signer()) == []


@pytest.fixture
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is without an anchor is overdue at once."""
    monkeypatch.setattr(anchorings, "LIMIT", timedelta(seconds=-1))


def test_what_has_just_been_written_is_in_time() -> None:
    assert anchoring().since is None
    written(1)
    assert anchoring().since is not None and require_anchored() == ""


def test_what_is_not_anchored_in_time_stops_approvals_but_not_what_cannot_wait(no_patience: None) -> None:
    assert require_anchored() == "", "nothing waits"
    written(1)
    with pytest.raises(Unavailable) as error:
        require_anchored()
    assert error.value.code == "audit.not_anchored"
    assert require_anchored(going_on=ADVANCE_RELIEF) == "unanchored:advance_relief"
    sequence_entries()
    with pytest.raises(Unavailable):
        require_anchored()
    signer()
    keep_once(at=now(), keys=Path(settings.HOME) / "keys")
    assert require_anchored() == ""


def test_a_holder_that_has_nothing_leaves_the_log_without_an_anchor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_patience: None
) -> None:
    monkeypatch.setenv("DOUDI_CHECKPOINT_FOLDERS", str(tmp_path / "stick"))
    written(1)
    signer()
    assert keep_once(at=now(), keys=Path(settings.HOME) / "keys").problems == ("audit.holder_away",)
    assert anchoring().is_overdue
    (tmp_path / "stick").mkdir()
    assert keep_once(at=now(), keys=Path(settings.HOME) / "keys").problems == ()
    assert not anchoring().is_overdue


def test_a_clock_set_back_far_is_no_way_around() -> None:
    assert anchorings.is_overdue(since=AT, at=AT - timedelta(days=1))
    assert not anchorings.is_overdue(since=AT, at=AT - timedelta(seconds=5))
    assert not anchorings.is_overdue(since=AT, at=AT + timedelta(minutes=14))
    assert anchorings.is_overdue(since=AT, at=AT + timedelta(minutes=16))


def test_two_sequencers_do_not_work_at_once(as_keeper: str, cluster: Cluster) -> None:
    written(2)
    with psycopg.connect(
        host=str(cluster.socket_folder()), dbname=as_keeper, user="work", password=cluster.password("work")
    ) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        with pytest.raises(Unavailable) as error:
            sequence_entries()
        assert error.value.code == "audit.sequenced_elsewhere"
    assert sequence_entries() == 2


def test_entries_written_while_it_works_get_their_places_too() -> None:
    """Several writers, transactions that end in another order than they began, and the keeper between them."""

    def writer(first: int) -> None:
        for number in range(20):
            with transaction.atomic():
                written(1, first + number)
        connections.close_all()

    threads = [threading.Thread(target=writer, args=(at,)) for at in (0, 100, 200)]
    signer()
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        keep_once(at=now(), keys=Path(settings.HOME) / "keys", sign=False)
    for thread in threads:
        thread.join()
    keep_once(at=now(), keys=Path(settings.HOME) / "keys")
    assert size() == Entry.objects.count() == 60 and not Waiting.objects.exists()
    assert sorted(Leaf.objects.values_list("position", flat=True)) == list(range(60))


def test_a_round_that_fails_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    written(1)
    keys = Path(settings.HOME) / "keys"
    signer()
    keep(keys / "nowhere", now, rounds=1, pause=0)
    assert "audit.key_missing" in caplog.text
    keep(keys, now, rounds=2, pause=0)
    assert Checkpoint.objects.count() == 1 and "again as it should be" not in caplog.text


def test_a_key_that_cannot_be_read_stops_the_signing_and_not_the_house(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    written(3)
    (tmp_path / "log_key").mkdir()
    keep(tmp_path, now, rounds=1, pause=0)
    assert "audit.cannot_be_kept (IsADirectoryError)" in caplog.text
    assert not Waiting.objects.exists(), "entries get their places all the same"


def test_a_database_that_takes_no_rows_stops_the_placing_and_not_the_house(
    as_keeper: str, caplog: pytest.LogCaptureFixture
) -> None:
    """COPY into a database that only reads: psycopg's own error, as of a full disk."""
    written(3)
    before = Waiting.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    keep(Path(settings.HOME) / "keys", now, rounds=1, pause=0)
    assert "audit.database (ReadOnlySqlTransaction)" in caplog.text
    assert Waiting.objects.count() == before == 3
