"""The embedded PostgreSQL: any path, twice in a row, after a crash; roles that may do what they should and no more."""

from __future__ import annotations

import os
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from doudi.site.postgres import Cluster
from doudi.site.roles import ensure_database, ensure_roles
from doudi.site.server_process import processes_in


@pytest.fixture(scope="module")
def far_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A path longer than any socket may be, with a space and Chinese in it."""
    return tmp_path_factory.mktemp("兜底 house") / ("long" * 30)


@pytest.fixture(scope="module")
def house(far_home: Path) -> Iterator[Cluster]:
    made = Cluster(far_home)
    made.start()
    ensure_roles(made)
    ensure_database(made)
    with made.connect("doudi", "migrate") as connection:
        connection.execute('SET ROLE "owner"')
        connection.execute("CREATE TABLE thing (id bigint GENERATED ALWAYS AS IDENTITY, word text)")
    yield made
    made.stop()
    assert not made.is_running()


def test_the_socket_is_short_and_private(house: Cluster) -> None:
    folder = house.socket_folder()
    assert len(os.fsencode(folder / ".s.PGSQL.5432")) <= 100
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_second_start_finds_the_first(house: Cluster) -> None:
    assert house.start() is False


def test_data_is_checksummed_and_the_locale_is_builtin(house: Cluster) -> None:
    with house.connect() as connection:
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
        found = connection.execute("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'doudi'")
        assert found.fetchone() == ("b", "C.UTF-8")


def test_nobody_enters_without_a_password(house: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host=str(house.socket_folder()), dbname="doudi", user="web", password="wrong")
    lines = (house.data / "pg_hba.conf").read_text().splitlines()
    methods = {line.split()[-1] for line in lines if line and not line.startswith("#")}
    assert methods == {"scram-sha-256"}


def test_it_starts_again_after_a_crash_and_keeps_what_was_committed(house: Cluster) -> None:
    with house.connect("doudi", "web") as connection:
        connection.execute("INSERT INTO thing (word) VALUES ('kept')")
    pid = house.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert house.start() is True
    with house.connect("doudi", "read") as connection:
        assert connection.execute("SELECT word FROM thing").fetchall() == [("kept",)]


def test_it_starts_though_the_numbers_in_its_lock_files_belong_to_a_stranger_now(house: Cluster) -> None:
    pid, stranger = house.pid(), os.getpid()
    assert pid is not None
    locks = [house.data / "postmaster.pid", house.socket_folder() / ".s.PGSQL.5432.lock"]
    written = [lock.read_text() for lock in locks]
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while processes_in(house.data) and time.monotonic() < deadline:
        time.sleep(0.05)
    for lock, text in zip(locks, written, strict=True):
        lock.write_text(text.replace(str(pid), str(stranger), 1))
    assert house.start() is True and house.is_running()


def test_a_server_that_recovers_is_waited_for_beyond_the_deadline(
    house: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = house.pid()
    assert pid is not None and not house.is_recovering()
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while processes_in(house.data) and time.monotonic() < deadline:
        time.sleep(0.05)
    house._clear_after_crash()
    said: list[bool] = []

    def first_silent(self: Cluster) -> bool:
        """What the server says; until it first says something, its deadline is thought to be yet to come."""
        said.append(says(self))
        return said[-1] or True not in said

    says = Cluster.is_recovering
    monkeypatch.setattr(Cluster, "is_recovering", first_silent)
    assert house.launch(time.monotonic(), waits_for_recovery=True)
    assert True in said and not says(house)


@pytest.mark.parametrize("role", ["web", "work"])
def test_web_and_work_write_rows_but_make_no_tables(house: Cluster, role: str) -> None:
    with house.connect("doudi", role) as connection:
        connection.execute("INSERT INTO thing (word) VALUES ('new')")
        connection.execute("DELETE FROM thing WHERE word = 'new'")
        for statement in ("CREATE TABLE other (a int)", "TRUNCATE thing", "DROP TABLE thing", 'SET ROLE "owner"'):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)  # type: ignore[arg-type]


def test_read_only_reads(house: Cluster) -> None:
    with house.connect("doudi", "read") as connection:
        connection.execute("SELECT count(*) FROM thing")
        connection.execute("SET default_transaction_read_only = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO thing (word) VALUES ('no')")


def test_the_log_holds_no_row_content(house: Cluster) -> None:
    with house.connect("doudi", "web") as connection, pytest.raises(psycopg.Error):
        connection.execute("INSERT INTO thing (id, word) OVERRIDING SYSTEM VALUE VALUES ('990101199001010016x', 'a')")
    assert "990101199001010016" not in house.log.read_text()
