"""A file of the lake that somebody rewrote, exchanged or linked elsewhere is not read, and nothing outside ever is."""

from __future__ import annotations

import datetime
import os
import random
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings

from doudi.core.actor import Actor
from doudi.core.errors import Unavailable
from doudi.core.vault import vault
from doudi.engine.backends import jail
from doudi.engine.backends.locked import quoted
from doudi.engine.feeds import Feed
from doudi.sources.actions import receive_file
from doudi.sources.lake import deliveries_in, rewritten_without, swap_in
from doudi.sources.models import Delivery, LakeFile
from doudi.sources.places import lake_folder
from doudi.sources.queries import feeds, lake_path, rows_for
from doudi.sources.queries.lake import _read
from doudi.sources.reading.running import Reader
from doudi.sources.sound import is_sound
from tests.sources.conftest import ANNA, AT, BERT

pytestmark = pytest.mark.django_db
FEED = "shuiwu_gongzi"
SECRET = "not-for-anybody-4419"  # no secret: made up
Rewrite = Callable[[Path, Path], None]


@pytest.fixture
def key() -> uuid.UUID:
    return vault().person_key(ANNA)


@pytest.fixture
def held(actor: Actor, reader: Reader, tmp_path: Path, key: uuid.UUID) -> LakeFile:
    """A feed of two people, read once, so that what is known of the file is remembered."""
    path = tmp_path / "shuiwu_gongzi.txt"
    lines = ["所属期|证件号码|姓名|扣缴义务人|收入额", f"202507|{ANNA}|甲|某厂|100", f"202508|{BERT}|乙|某厂|5"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    receive_file(actor=actor, at=AT, path=path, reader=reader)
    assert rows_for(FEED, [key])[key][0]["payer"] == "某厂"
    return LakeFile.objects.get()


def _forged(target: Path, like: Path) -> None:
    """A whole file of the same columns and rows that says another sum."""
    table = pq.read_table(like)
    place = table.schema.get_field_index("payer")
    table = table.set_column(place, table.schema.field(place), pa.array([SECRET] * len(table), pa.string()))
    pq.write_table(table, target)


def _one_byte(path: Path, _outside: Path) -> None:
    """In place, with the times it had: size, name and dates say nothing."""
    data, before = bytearray(path.read_bytes()), path.stat()
    data[random.Random(7).randrange(8, len(data) - 8)] ^= 0x20
    with path.open("r+b") as file:
        file.write(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _cut(path: Path, _outside: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _exchanged(path: Path, outside: Path) -> None:
    shutil.copy(outside / "forged.parquet", path)


def _moved_over(path: Path, outside: Path) -> None:
    shutil.copy(outside / "forged.parquet", path.with_name("other"))
    path.with_name("other").replace(path)


def _link_to_another(path: Path, outside: Path) -> None:
    path.unlink()
    path.symlink_to(outside / "forged.parquet")


def _link_to_the_same(path: Path, outside: Path) -> None:
    """The very bytes, but where the house does not keep them."""
    shutil.move(path, outside / "same.parquet")
    path.symlink_to(outside / "same.parquet")


def _folder_elsewhere(path: Path, outside: Path) -> None:
    shutil.move(path.parent, outside / "lake")
    path.parent.symlink_to(outside / "lake")


def _a_pipe(path: Path, _outside: Path) -> None:
    """Whoever opened it would wait for ever."""
    path.unlink()
    os.mkfifo(path)


REWRITES = [
    _one_byte, _cut, _exchanged, _moved_over, _link_to_another, _link_to_the_same, _folder_elsewhere, _a_pipe,
]  # fmt: skip


@pytest.fixture
def outside(tmp_path: Path, held: LakeFile) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    _forged(folder / "forged.parquet", lake_path(FEED))
    return folder


@pytest.mark.parametrize("rewrite", REWRITES)
def test_it_is_refused_by_whatever_reads_it(
    rewrite: Rewrite, held: LakeFile, outside: Path, key: uuid.UUID, tmp_path: Path
) -> None:
    assert is_sound(held) and deliveries_in(held) == [held.delivery_id]
    folder = lake_folder(FEED)
    try:
        rewrite(folder / held.file_name, outside)
        assert not is_sound(held)
        feed, fresh = _appended(), tmp_path / "fresh.parquet"
        shutil.copy(outside / "forged.parquet", fresh)
        delivery = Delivery.objects.get()
        for read in (
            lambda: lake_path(FEED),
            lambda: rows_for(FEED, [key]),
            lambda: deliveries_in(held),
            lambda: rewritten_without(held, [uuid.uuid4()], [], AT),
            lambda: swap_in(feed, fresh, delivery, AT + datetime.timedelta(days=1)),
        ):
            with pytest.raises(Unavailable) as error:
                read()
            assert error.value.code == "sources.file_changed"
            assert "被改动过" in str(error.value.message) and SECRET not in repr(error.value)
        assert LakeFile.objects.get().digest == held.digest, "the manifest goes on saying what ought to be there"
    finally:
        _cleared(folder)


def _appended() -> Feed:
    from dataclasses import replace

    return replace(feeds()[FEED], mode="append")


def _cleared(folder: Path) -> None:
    """The house of the run is shared by other tests."""
    if folder.is_symlink():
        folder.unlink()
    else:
        shutil.rmtree(folder)


def test_what_is_put_back_as_it_was_is_read_again(held: LakeFile, key: uuid.UUID) -> None:
    path = lake_path(FEED)
    good = path.read_bytes()
    path.write_bytes(good[:-1] + b"?")
    with pytest.raises(Unavailable):
        rows_for(FEED, [key])
    path.write_bytes(good)
    assert rows_for(FEED, [key])[key][0]["payer"] == "某厂"


def test_a_link_that_comes_after_the_check_leads_nowhere(held: LakeFile, outside: Path, key: uuid.UUID) -> None:
    """The wall behind the check: DuckDB itself opens nothing outside the feed's folder, in page and jail alike."""
    path = lake_path(FEED)
    _link_to_another(path, outside)
    with pytest.raises(duckdb.PermissionException):
        _read(path, {key})
    for name in (str(path), quoted(path), f"{path.parent}/../../../{outside}/forged.parquet"):
        with pytest.raises(jail.JailError) as error:
            jail.run([f"SELECT payer FROM read_parquet('{name}')"], [path.parent])
        assert error.value.code == "refused" and SECRET not in str(error.value)


def test_no_flipped_byte_gets_through_or_takes_the_jail_down(held: LakeFile) -> None:
    """Without the check, too: broken Parquet is refused with a kind, and no error's text comes out."""
    path, chance = lake_path(FEED), random.Random(11)
    good = path.read_bytes()
    for _ in range(4):
        bad = bytearray(good)
        for place in chance.sample(range(len(bad)), 12):
            bad[place] ^= 1 << chance.randrange(8)
        path.write_bytes(bad)
        assert not is_sound(held)
        try:
            rows = jail.run([f"SELECT payer FROM read_parquet('{quoted(path)}')"], [path.parent])
        except jail.JailError as error:
            assert error.code in ("refused", "died") and str(settings.HOME) not in str(error)
        else:
            assert len(rows) <= 2
    path.write_bytes(good)
