"""The embedded PostgreSQL of a house: one cluster in HOME/pg, reached through a socket in a 0700 folder.

Made with data checksums and the builtin C.UTF-8 locale; every connection proves a password (scram), nothing listens on
the network. Which roles and grants exist is said in `roles`, how programs are run in `server_process`.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from doudi.core.archive import archive_folder
from doudi.site.archiving import archive_command
from doudi.site.server_process import environment, is_our_server, processes_in, runner

PATIENCE = 30.0
LONGEST_SOCKET_FOLDER = 84
SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "'128MB'",
    "max_wal_size": "'2GB'",
    "jit": "off",
    "timezone": "'UTC'",
    "password_encryption": "'scram-sha-256'",
    # rows must not reach the log: no errors (they quote values), no statements, no parameters, no DETAIL lines
    "log_min_messages": "log",
    "log_statement": "'none'",
    "log_min_error_statement": "'panic'",
    "log_error_verbosity": "'terse'",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
ARCHIVE_SECONDS = 60  # the log is never further behind than this, even on a quiet day
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class ClusterError(RuntimeError):
    """The embedded PostgreSQL could not be made, started or stopped; the message says what to look at."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cluster of one house. `throw_away` trades crash safety for speed (tests, trials).

    `archives` says whether its log goes to the archive (by default, unless it is thrown away); `settings` are given to
    the server when it is started, beside those written into its folder.
    """

    home: Path
    throw_away: bool = False
    archives: bool | None = None
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def folder(self) -> Path:
        return self.home / "pg"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.home / "log" / "postgres.log"

    def password(self, role: str) -> str:
        """The role's password, made on first use and kept in HOME/keys (0600)."""
        path = self.home / "keys" / f"pg-{role}"
        if not path.exists():
            _private_folder(path.parent)
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                return path.read_text().strip()
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(32))
        return path.read_text().strip()

    def socket_folder(self) -> Path:
        """HOME/pg/run when short enough for a socket, else a private folder under the temporary one, remembered."""
        near = self.folder / "run"
        note = self.folder / "socket"
        if not note.exists() and _takes_sockets(near):
            return near
        with suppress(FileNotFoundError):
            noted = Path(note.read_text())
            if noted.is_dir() and noted.lstat().st_uid in (os.geteuid(), runner().uid):
                return noted
        _private_folder(self.folder)
        made = Path(tempfile.mkdtemp(prefix="doudi-", dir=_short_temporary_folder()))
        runner().own(made)
        note.write_text(str(made))
        return made

    def connect(self, database: str = "postgres", role: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=str(self.socket_folder()), dbname=database, user=role, password=self.password(role), autocommit=True
        )

    def pid(self) -> int | None:
        """The running postmaster's process id, or None."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if is_our_server(pid, self.data) else None

    def is_running(self) -> bool:
        return self.pid() is not None and self._answers()

    def initialise(self) -> None:
        """Makes the cluster once; a half-made one is begun again."""
        if (self.data / "PG_VERSION").exists():
            return
        _private_folder(self.folder)
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        _private_folder(fresh)
        run = runner()
        run.own(fresh)
        self._initdb(fresh)
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
            wanted = SETTINGS | (THROW_AWAY if self.throw_away else {})
            file.writelines(f"{name} = {value}\n" for name, value in wanted.items())
        fresh.rename(self.data)

    def start(self) -> bool:
        """Starts the server unless it runs. True when this call started it."""
        with self._only_one():
            self.initialise()
            if self.is_running():
                return False
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline:
                self._clear_after_crash()
                if self.launch(deadline, waits_for_recovery=True):
                    return True
                time.sleep(0.5)
        raise ClusterError(f"PostgreSQL did not start within {PATIENCE:.0f} s; see {self.log}")

    def stop(self) -> None:
        """Stops the server of this house, and no other process."""
        for signal_number in (signal.SIGINT, signal.SIGQUIT):
            pid = self.pid()
            if pid is None:
                return
            os.kill(pid, signal_number)
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline:
                if not is_our_server(pid, self.data):
                    return
                _reap(pid)
                time.sleep(0.05)
        raise ClusterError(f"PostgreSQL (process {self.pid()}) did not stop; see {self.log}")

    def _initdb(self, fresh: Path) -> None:
        read_end, write_end = os.pipe()
        os.write(write_end, (self.password("postgres") + "\n").encode())
        os.close(write_end)
        options = ["--data-checksums", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        options += ["--encoding=UTF8", "--auth=scram-sha-256", "--username=postgres", f"--pwfile=/dev/fd/{read_end}"]
        options += ["--no-sync"] if self.throw_away else []
        result = subprocess.run(
            runner().command("initdb", "--pgdata", str(fresh), *options),
            capture_output=True, env=environment(), pass_fds=(read_end,), check=False,
        )  # fmt: skip
        os.close(read_end)
        if result.returncode != 0:
            raise ClusterError(f"initdb failed: {result.stderr.decode(errors='replace').strip()}")

    def launch(self, deadline: float, *, waits_for_recovery: bool = False) -> bool:
        """One try: True when the server answers, False when it ended or the time is over. After a crash it reads its
        log first, on a slow disk for long: as long as it says so itself, it may be waited for.
        """
        _private_folder(self.log.parent)
        folder = self.socket_folder()
        runner().own(folder)
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                runner().command("postgres", "-D", str(self.data), "-k", str(folder), *self._given()),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment(), cwd="/", start_new_session=True,
            )  # fmt: skip
        while process.poll() is None:
            is_late = time.monotonic() >= deadline and not (waits_for_recovery and self.is_recovering())
            if self._answers():
                return True
            if is_late:
                return False
            time.sleep(0.03)
        return False

    def is_recovering(self) -> bool:
        """Whether the server says that it is starting (the eighth line of its pid file, which pg_ctl reads, too)."""
        try:
            lines = (self.data / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "starting"

    def _given(self) -> list[str]:
        """Settings by command line: they hold for houses made before there was an archive, and after a house moved."""
        given = dict(self.settings)
        if self.archives if self.archives is not None else not self.throw_away:
            command = archive_command(archive_folder(self.home))
            given = {"archive_mode": "on", "archive_timeout": str(ARCHIVE_SECONDS), "archive_command": command} | given
        return [part for name, value in given.items() for part in ("-c", f"{name}={value}")]

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _clear_after_crash(self) -> None:
        """Lock files whose number now belongs to a stranger would keep the server from starting for ever."""
        if not Path("/proc").is_dir() or processes_in(self.data):
            return
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        folder = self.socket_folder()
        for lock in folder.glob(".s.PGSQL.*.lock"):
            if folder.is_relative_to(self.folder) or lock.read_text().split("\n")[1:2] == [str(self.data)]:
                lock.unlink(missing_ok=True)

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        _private_folder(self.folder)
        with (self.folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _private_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _short_temporary_folder() -> str:
    own = tempfile.gettempdir()
    return own if len(os.fsencode(own)) <= LONGEST_SOCKET_FOLDER - 20 else "/tmp"  # noqa: S108


def _takes_sockets(folder: Path) -> bool:
    """Whether a socket can live there: the path is short enough and the file system knows sockets."""
    if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
        return False
    _private_folder(folder)
    probe = folder / f".probe{os.getpid()}"
    try:
        with socket.socket(socket.AF_UNIX) as end:
            end.bind(str(probe))
    except OSError:
        return False
    finally:
        probe.unlink(missing_ok=True)
    return True


def _reap(pid: int) -> None:
    """A server that we started ourselves stays a zombie until it is waited for."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
