"""Backups that do not come off leave nothing, and a restore that cannot be right does not begin."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from doudi.audit.models import Entry
from doudi.core.archive import archive_folder
from doudi.core.vault import create_keys, open_vault
from doudi.site.backup.layout import BackupError, read_manifest
from doudi.site.backup.marking import keep_mark, make_mark
from doudi.site.backup.register import UNREADABLE, Taken, add_backup, taken_backups
from doudi.site.backup.restoring import Restored, Wanted, restore
from doudi.site.backup.taking import keep_newest
from doudi.site.backup.wal import rescue
from tests.operations.house import NAME, House, quiet, small_house

CODE = "from doudi.site.cli import main; main()"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: pytest.FixtureRequest) -> Iterator[House]:
    """In a folder whose name a shell, a setting and a percent sign could stumble over."""
    with small_house(tmp_path_factory.mktemp("兜底 100% it's") / "house", django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def backup(house: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(house.back_up(tmp_path_factory.mktemp("备份 50%")).path)


def command(house: House, *words: str, before: tuple[str, ...] = (), **variables: str) -> subprocess.Popen[str]:
    """`doudi …` in the house."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOUDI_", "DJANGO_"))}
    return subprocess.Popen(
        [*before, sys.executable, "-c", CODE, *words], env=kept | {"DOUDI_HOME": str(house.home)} | variables,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def refused(wanted: Wanted) -> BackupError:
    with pytest.raises(BackupError) as caught:
        restore(wanted, at=datetime.now(UTC), say=quiet)
    assert not (wanted.home / "restoring").exists()
    return caught.value


@pytest.fixture
def wanted(house: House, backup: Path) -> Wanted:
    return Wanted(house.home, NAME, backup, house.keys, None, replaces=True, throw_away=True)


def test_what_is_in_a_backup(house: House, backup: Path) -> None:
    manifest = read_manifest(backup, house.keys)
    kinds = {name.split("/")[0] for name in manifest.files}
    assert kinds == {"base", "wal", "lake", "originals"} and not manifest.missing
    assert manifest.mark.figures.rows["public.areas_area"] == 4 and manifest.mark.figures.audit["size"] >= 21
    assert set(manifest.keys) >= {"field-1", "person_key"}
    assert {path.name for path in backup.iterdir()} == kinds | {"manifest.json", "manifest.seal"}
    assert backup.stat().st_mode & 0o077 == 0


WRITER = """
import psycopg, sys
row = "INSERT INTO areas_area (code, name, level, from_on, replaced_by) VALUES (%s, 'x', 'village', '2026-01-01', '')"
with psycopg.connect(host=sys.argv[1], dbname="doudi", user="postgres", password=sys.argv[2], autocommit=True) as c:
    print("begun", flush=True)
    for i in range(100000):
        c.execute(row, [str(970000000000 + i)])
"""


def test_a_mark_is_exact_while_others_write(house: House, wanted: Wanted) -> None:
    """Recovered to it, every table has the rows that were counted: else the restore would be refused."""
    cluster = house.cluster
    command = [sys.executable, "-c", WRITER, str(cluster.socket_folder()), cluster.password("postgres")]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None and writer.stdout.readline() == "begun\n"
    try:
        with cluster.connect(NAME) as connection:
            mark = make_mark(connection, "while-written")
    finally:
        writer.kill()
        writer.wait()
    keep_mark(archive_folder(house.home), mark)
    with cluster.connect(NAME) as connection:
        after = connection.execute("SELECT count(*) FROM areas_area").fetchone()
        assert after and 4 < mark.figures.rows["public.areas_area"] <= int(str(after[0]))
        connection.execute("DELETE FROM areas_area WHERE code LIKE '97%' AND length(code) = 12")
    done = restore(replace(wanted, until="latest"), at=datetime.now(UTC), say=quiet)
    assert done.mark.name == mark.name and done.figures.rows["public.areas_area"] == 4
    cluster.start()


def test_an_instant_between_marks_and_the_end_of_the_log(house: House, wanted: Wanted, tmp_path: Path) -> None:
    """Restored four times over from the same backup: to an instant, to the end, to a later instant, to the backup."""
    with house.cluster.connect(NAME) as connection:
        keep_mark(archive_folder(house.home), make_mark(connection, "between"))
    house.act(3)
    then, until = house.figures(), datetime.now(UTC)
    time.sleep(0.2)
    house.act(5)
    last, lived = house.figures(), datetime.now(UTC)
    house.act(1)
    done = restore(replace(wanted, until=until), at=datetime.now(UTC), say=quiet)
    assert done.mark.name.startswith("between."), "the newest mark before the instant"
    house.cluster.start()
    assert house.figures() == then and then.audit["size"] + 5 == last.audit["size"]
    assert done.set_aside is not None and (done.set_aside / "pg" / "data" / "PG_VERSION").exists()
    shutil.rmtree(done.set_aside)
    house.act(1)  # the house goes on, on a timeline of its own, and its log is archived
    with house.cluster.connect(NAME) as connection:
        connection.execute("SELECT pg_switch_wal()")
    again = restore(replace(wanted, until="latest"), at=datetime.now(UTC) + timedelta(seconds=2), say=quiet)
    house.cluster.start()
    assert house.figures().audit["size"] == then.audit["size"] + 1 == again.figures.audit["size"]
    once_more = restore(replace(wanted, until=lived), at=datetime.now(UTC) + timedelta(seconds=4), say=quiet)
    assert once_more.figures == last, "later than the first restore went, on the branch that was lived on then"
    first = restore(wanted, at=datetime.now(UTC) + timedelta(seconds=6), say=quiet)
    house.cluster.start()
    assert house.figures() == first.mark.figures


def test_an_instant_before_the_backup_is_refused(wanted: Wanted) -> None:
    error = refused(replace(wanted, until=datetime.now(UTC) - timedelta(days=1)))
    assert error.code == "backup.before_it"


def test_an_instant_after_the_log_says_where_it_ends(house: House, wanted: Wanted) -> None:
    error = refused(replace(wanted, until=datetime.now(UTC) + timedelta(days=1)))
    assert error.code == "backup.log_ends" and str(datetime.now(UTC).year) in str(error)
    house.cluster.start()


def test_a_house_that_is_there_is_not_replaced_unasked(wanted: Wanted) -> None:
    assert refused(replace(wanted, replaces=False)).code == "backup.house_there"


def test_other_keys_are_refused_before_anything_is_done(house: House, wanted: Wanted, tmp_path: Path) -> None:
    create_keys(tmp_path / "other")
    before = house.figures()
    assert refused(replace(wanted, keys=open_vault(tmp_path / "other"))).code == "backup.other_house"
    assert house.figures() == before


@pytest.mark.parametrize("place", ["base/pg_wal/x", "base/base/x", "lake", "wal/x"])
def test_a_backup_with_a_link_in_it_is_refused(wanted: Wanted, tmp_path: Path, place: str) -> None:
    shutil.copytree(wanted.backup, tmp_path / wanted.backup.name)
    link = tmp_path / wanted.backup.name / place
    if link.exists():
        link.rename(tmp_path / "aside")
    link.symlink_to("/etc")
    assert refused(replace(wanted, backup=link.parents[place.count("/")])).code == "backup.link"


@pytest.mark.parametrize("harm", ["segment", "lake"])
def test_what_is_missing_later_is_found_too(house: House, wanted: Wanted, tmp_path: Path, harm: str) -> None:
    """A file that the instant needs and that is neither in the backup nor in the archive: nothing is put in place."""
    house.deliver(tmp_path, 7, 8)
    until = datetime.now(UTC)
    house.act(1)
    with house.cluster.connect(NAME) as connection:
        connection.execute("SELECT pg_switch_wal()")
    house.cluster.stop()
    archive, aside = archive_folder(house.home), tmp_path / "aside"
    aside.mkdir()
    if harm == "segment":
        target = sorted(archive.glob("0000000*[0-9A-F].gz"))[-1]
        shutil.copy2(target, aside / target.name)
        target.write_bytes(target.read_bytes()[:-9])
    else:
        shutil.move(house.home / "lake", aside / "lake")
        shutil.move(archive / "lake", aside / "archived")
    error = refused(replace(wanted, until=until if harm == "lake" else "latest"))
    assert error.code == ("backup.disagrees" if harm == "lake" else "backup.recovery_failed"), error
    if harm == "segment":
        shutil.copy2(aside / target.name, target)
    else:
        shutil.move(aside / "lake", house.home / "lake")
        shutil.move(aside / "archived", archive / "lake")
    house.cluster.start()


def test_only_what_is_log_is_rescued(house: House, tmp_path: Path) -> None:
    """A server that was killed has segments it had not archived, and others only kept ready under coming names."""
    house.act(2)
    pid = house.cluster.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    pg_wal, archive = house.cluster.data / "pg_wal", archive_folder(house.home)
    current = [path for path in pg_wal.iterdir() if len(path.name) == 24]
    newest = max(path.name for path in current)
    ready = pg_wal / f"{newest[:16]}{int(newest[16:], 16) + 9:08X}"
    shutil.copy2(pg_wal / newest, ready)
    try:
        assert 0 < rescue(pg_wal, archive, tmp_path / "rescued") < len(current) + 1
        names = [path.name for path in (tmp_path / "rescued").iterdir()]
        assert f"{ready.name}.gz" not in names and not [name for name in names if (archive / name).exists()]
    finally:
        ready.unlink()
        house.cluster.start()


def test_an_interrupted_backup_leaves_nothing(house: House, tmp_path: Path) -> None:
    to, known = tmp_path / "to", taken_backups(house.home)
    process = command(house, "backup", "--to", str(to))
    while not list(to.glob(".doudi-*/base/PG_VERSION")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _out, said = process.communicate(timeout=600)
    assert process.returncode == 1 and "backup.stopped" in said, said
    assert list(to.iterdir()) == [] and taken_backups(house.home) == known
    assert house.cluster.is_running()


def test_what_a_killed_one_left_is_cleared_by_the_next(house: House, tmp_path: Path) -> None:
    to = tmp_path / "to"
    process = command(house, "backup", "--to", str(to))
    while not list(to.glob(".doudi-*/base/PG_VERSION")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert [path.name.startswith(".doudi-") for path in to.iterdir()] == [True]
    with pytest.raises(BackupError, match="no complete backup"):
        read_manifest(next(to.iterdir()), None)
    time.sleep(1.0)  # the killed one's pg_basebackup notices that nobody listens
    done = house.back_up(to)
    assert [str(path) for path in to.iterdir()] == [done.path]


@pytest.mark.parametrize(
    ("size", "code"), [("size=24m", "backup.no_space"), ("size=4g,nr_inodes=60", "backup.disk_full")]
)
def test_a_full_disk_is_said_and_leaves_nothing(house: House, tmp_path: Path, size: str, code: str) -> None:
    """A real file system that is too small, or has room and no places for files."""
    to = tmp_path / "small"
    to.mkdir()
    if subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode:
        pytest.skip("file systems may not be mounted here")
    script = f'mount -t tmpfs -o {size} none "$0" && "$@"; code=$?; ls -A "$0" >&2; exit $code'
    before = ("unshare", "--mount", "sh", "-c", script, str(to))
    process = command(house, "backup", "--to", str(to), before=before)
    _out, said = process.communicate(timeout=120)
    assert process.returncode == 1 and code in said, said
    assert "doudi-2" not in said.split(f"[{code}]")[1]


def test_only_one_at_a_time(house: House, tmp_path: Path) -> None:
    from doudi.site.backup.taking import only_one

    with only_one(house.home), pytest.raises(BackupError) as caught:
        house.back_up(tmp_path)
    assert caught.value.code == "backup.running"


def test_old_ones_go_and_the_archive_is_cleared_of_what_only_they_needed(house: House, tmp_path: Path) -> None:
    first = house.back_up(tmp_path)
    time.sleep(1.1)
    second = house.back_up(tmp_path)
    gone = keep_newest(house.home, 1)
    assert first.path in [one.path for one in gone] and [one.path for one in taken_backups(house.home)] == [second.path]
    assert not Path(first.path).exists()
    names = [path.name for path in archive_folder(house.home).glob("*.gz")]
    assert names and not [name for name in names if "history" not in name and name[8:24] < second.first_segment[8:]]
    done = restore(
        Wanted(house.home, NAME, Path(second.path), house.keys, None, replaces=True, throw_away=True),
        at=datetime.now(UTC), say=quiet,
    )  # fmt: skip
    house.cluster.start()
    assert isinstance(done, Restored) and house.figures() == done.mark.figures


def test_the_commands_say_what_they_did_and_leave_entries(house: House, tmp_path: Path) -> None:
    taken = command(house, "backup", "--to", str(tmp_path), "--json")
    out, said = taken.communicate(timeout=180)
    assert taken.returncode == 0, said
    told = json.loads(out)
    assert told["keys_inside"] is False and Path(told["path"]).is_dir()
    checked = command(house, "backup", "--check", told["path"])
    assert "完好" in checked.communicate(timeout=120)[0] and checked.returncode == 0
    plain = command(house, "backup", "--to", str(tmp_path / "other")).communicate(timeout=180)[0]
    assert "THE KEYS ARE NOT IN THE BACKUP" in plain and str(house.home / "keys") in plain
    with house.inside():
        assert Entry.objects.filter(verb="operations.back_up", content_digest=told["manifest"]).count() == 1
    beside = command(house, "restore", told["path"])
    assert "backup.house_there" in beside.communicate(timeout=120)[1] and beside.returncode == 1
    wrong = command(house, "restore", told["path"], "--until", "gestern")
    assert wrong.wait(60) == 2
    again = command(house, "restore", told["path"], "--replace", "--json")
    out, said = again.communicate(timeout=300)
    assert again.returncode == 0, said
    with house.inside():
        house.cluster.start()
        entry = Entry.objects.get(verb="operations.restore")
        assert entry.content_digest == told["manifest"] and entry.reason == "backup"


def test_without_a_house_there_is_nothing_to_back_up(house: House, tmp_path: Path) -> None:
    create_keys(tmp_path / "keys")
    process = command(house, "backup", DOUDI_HOME=str(tmp_path))
    assert "backup.no_house" in process.communicate(timeout=60)[1] and process.returncode == 1


def test_a_list_of_backups_that_cannot_be_read_is_kept_and_nothing_is_cleared_by_it(tmp_path: Path) -> None:
    (tmp_path / "backups.json").write_text("[{")
    with pytest.raises(ValueError, match=r"backups\.json"):
        taken_backups(tmp_path)
    done = Taken(str(tmp_path), "2026-11-29T20:00:00+00:00", 1, 1, 1.0, "d")
    add_backup(tmp_path, done)
    assert done.finished_at.year == 2026 and taken_backups(tmp_path) == [done]
    assert (tmp_path / UNREADABLE).read_text() == "[{"
    with pytest.raises(BackupError) as caught:
        keep_newest(tmp_path, 1)
    assert caught.value.code == "backup.list_unreadable" and tmp_path.is_dir()
