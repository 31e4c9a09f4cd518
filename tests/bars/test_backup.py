"""B-01 and B-02: a house comes back as it was a second before a mistake, and a damaged backup is never used."""

from __future__ import annotations

import gzip
import random
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from doudi.site.backup.checking import check
from doudi.site.backup.layout import BackupError, files_in
from doudi.site.backup.restoring import Wanted, restore
from doudi.site.backup.tools import run_tool
from doudi.sources.models import Delivery, LakeFile
from doudi.sources.places import original_path
from doudi.sources.queries.returned import original_context
from doudi.sources.sealing import opened
from doudi.sources.sound import is_sound
from tests.bars.conftest import Bar
from tests.operations.house import NAME, House, number, quiet, small_house


@pytest.fixture
def house(tmp_path: Path, django_db_blocker: pytest.FixtureRequest) -> Iterator[House]:
    with small_house(tmp_path / "house", django_db_blocker) as made:
        yield made


@pytest.mark.bar("B-01", "a house restored to a second before a bad DELETE has every row, entry and file of then")
def test_the_second_before_a_bad_delete(house: House, tmp_path: Path, bar: Bar) -> None:
    rows = bar.size(5_000, 5_000_000)
    with house.cluster.connect(NAME) as connection:
        connection.execute(
            "INSERT INTO areas_area (code, name, level, from_on, replaced_by) SELECT 980000000000 + i, 'x', 'village', "
            "'2026-01-01', '' FROM generate_series(1, %s) AS i",
            [rows],
        )
    taken = house.back_up(tmp_path / "backups")
    house.deliver(tmp_path, 3, 4, 5)  # after the backup: another file of the lake, another original
    house.act(30)
    before, until = house.figures(), datetime.now(UTC)
    time.sleep(1)
    with house.cluster.connect(NAME, "migrate") as connection:
        connection.execute('SET ROLE "owner"')
        connection.execute("DELETE FROM areas_area")
        connection.execute("DELETE FROM sources_lakefile")
        connection.execute("DELETE FROM sources_delivery")
    shutil.rmtree(house.home / "lake")
    assert house.figures() != before
    wanted = Wanted(house.home, NAME, Path(taken.path), house.keys, until, replaces=True, throw_away=True)
    done = restore(wanted, at=datetime.now(UTC), say=quiet)
    bar.says(
        f"{taken.size >> 20} MiB, {sum(before.rows.values())} rows in {len(before.rows)} tables, backed up in "
        f"{taken.seconds:g} s, restored in {done.seconds:g} s"
    )
    house.cluster.start()
    assert house.figures() == before == done.figures
    with house.inside():
        assert [held.rows for held in LakeFile.objects.all()] == [3]
        assert all(is_sound(held) for held in LakeFile.objects.all())
        newest = Delivery.objects.get(state="accepted")
        plain = b"".join(opened(original_path(newest.id), original_context(newest.id)))
        assert number(5).encode() in plain
    assert done.seconds < (15 * 60 if bar.full else 60)


@pytest.mark.bar("B-02", "a backup with one byte flipped is refused, wherever the byte is")
def test_one_flipped_byte(house: House, tmp_path: Path, bar: Bar) -> None:
    folder = Path(house.back_up(tmp_path / "backups").path)
    check(folder, house.keys)
    files = [path for path in files_in(folder) if path.stat().st_size]
    files += [folder / "manifest.json", folder / "manifest.seal"]
    chance, tries = random.Random(4), bar.size(12, 400)
    kinds = ["base", "wal", "lake", "originals", "manifest.json", "manifest.seal"]
    found, base, by_postgres = 0, 0, 0
    for turn in range(tries):
        path = chance.choice([one for one in files if one.relative_to(folder).parts[0] == kinds[turn % len(kinds)]])
        with _flipped(path, chance):
            found += _refused(folder, house)
            if path.is_relative_to(folder / "base") and "pg_wal" not in path.parts:
                base += 1
                by_postgres += _refused_by_postgres(folder)
    bar.says(
        f"{found} of {tries} flips refused, {by_postgres} of {base} in the database's files by pg_verifybackup alone"
    )
    assert found == tries and by_postgres == base > 0
    check(folder, house.keys)


def test_a_damaged_backup_changes_nothing_in_the_house(house: House, tmp_path: Path) -> None:
    folder = Path(house.back_up(tmp_path / "backups").path)
    before = house.figures()
    with (folder / "base" / "PG_VERSION").open("ab") as file:
        file.write(b"\n")
    with pytest.raises(BackupError) as caught:
        restore(
            Wanted(house.home, NAME, folder, house.keys, None, replaces=True), at=datetime.now(UTC), say=quiet
        )  # fmt: skip
    assert caught.value.code == "backup.damaged" and "PG_VERSION" in str(caught.value)
    assert house.figures() == before and not (house.home / "restoring").exists()


def test_no_number_and_no_key_is_readable_in_a_backup(house: House, tmp_path: Path) -> None:
    folder = Path(house.back_up(tmp_path / "backups").path)
    secrets = [path.read_bytes().strip() for path in (house.home / "keys").iterdir() if path.name != "crypto"]
    wanted = [number(serial).encode() for serial in (1, 2)] + secrets
    wanted += [bytes.fromhex(secret.decode()) for secret in secrets if len(secret) == 64]
    assert len(wanted) > 8
    for path in folder.rglob("*"):
        if path.is_file():
            content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            assert not [one for one in wanted if one in content], path


class _flipped:
    """One bit of one byte of a file is another one for a while."""

    def __init__(self, path: Path, chance: random.Random) -> None:
        self._path, self._at = path, chance.randrange(path.stat().st_size)

    def __enter__(self) -> None:
        self._turn()

    def __exit__(self, *_raised: object) -> None:
        self._turn()

    def _turn(self) -> None:
        with self._path.open("r+b") as file:
            file.seek(self._at)
            byte = file.read(1)[0]
            file.seek(self._at)
            file.write(bytes([byte ^ 1]))


def _refused(folder: Path, house: House) -> bool:
    try:
        check(folder, house.keys)
    except BackupError:
        return True
    return False


def _refused_by_postgres(folder: Path) -> bool:
    try:
        run_tool("pg_verifybackup", "--quiet", str(folder / "base"))
    except BackupError:
        return True
    return False
