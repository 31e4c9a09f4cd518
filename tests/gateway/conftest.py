"""The three processes of the zones, over a database of their own."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from doudi.areas.actions import load_area_rows
from doudi.core.actor import Actor
from doudi.gateway.adapters.cell import Place, gateway_home, write_place
from doudi.gateway.adapters.server import GatewayServer
from doudi.site.postgres import Cluster
from doudi.site.serving import free_port
from tests.architecture.project import ROOT

COUNTY, TOWNSHIP, ELSEWHERE = "990101", "990101001", "990102001"
AREAS = [
    ("99", "样例省"), ("9901", "样例市"), (COUNTY, "样例县"), (TOWNSHIP, "样例镇"),
    ("990102", "邻县"), (ELSEWHERE, "邻镇"),
]  # fmt: skip


@pytest.fixture
def place(own_database: str, cluster: Cluster, home: Path) -> Place:
    """What the gateway knows: its key, and the role's way into this test's database."""
    load_area_rows(actor=Actor.system(), at=datetime.now(UTC), rows=AREAS, from_on=date(2026, 1, 1))
    database = {
        "database": own_database, "host": str(cluster.socket_folder()), "port": "", "user": "gateway",
        "password": cluster.password("gateway"),
    }  # fmt: skip
    return write_place(gateway_home(home), crypto="intl", database=database)


@pytest.fixture
def wire(place: Place) -> Iterator[Path]:
    """The gateway's socket, in a folder that other users may enter."""
    folder = Path(tempfile.mkdtemp(prefix="doudi-wire-"))
    folder.chmod(0o755)
    with GatewayServer(folder / "socket", place, mode=0o666) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield folder / "socket"
        server.shutdown()
    shutil.rmtree(folder)


@contextmanager
def outer_process(wire: Path, *hidden: Path) -> Iterator[tuple[str, int]]:
    """`doudi outer` as a process of its own, as far from the house as this machine allows: address, process id."""
    port = free_port("127.0.0.1", 8700)
    code = "from doudi.site.cli import main; main()"
    command = ["-c", code, "outer", "--socket", str(wire), "--area", COUNTY, "--port", str(port)]
    process = subprocess.Popen([*apart(*hidden), sys.executable, *command], **outside(), stderr=subprocess.PIPE)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            try:
                urllib.request.urlopen(address, timeout=5).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        yield address, process.pid
    finally:
        process.terminate()
        process.communicate(timeout=30)


def outside() -> dict[str, Any]:
    """For Popen: nothing of the house in the environment; as a user who owns nothing here, where we may become one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOUDI_", "DJANGO_"))}
    given: dict[str, Any] = {"env": kept | {"PYTHONPATH": str(ROOT / "src"), "HOME": "/"}, "cwd": "/"}
    return given | _stranger()


def apart(*hidden: Path) -> list[str]:
    """Before a command: folders of the house are not there for it (a mount of its own over each)."""
    allowed = subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode == 0
    if not hidden or _stranger() or not allowed:
        return []
    mounts = " && ".join(f"mount -t tmpfs none {shlex.quote(str(folder))}" for folder in hidden)
    return ["unshare", "--mount", "sh", "-c", f'{mounts} && exec "$@"', "sh"]


@cache
def _stranger() -> dict[str, int]:
    """Another user than ours, if the interpreter is somewhere that user can reach."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    given = {"user": nobody.pw_uid, "group": nobody.pw_gid}
    try:
        subprocess.run([sys.executable, "-c", "import django"], check=True, cwd="/", capture_output=True, **given)
    except (OSError, subprocess.CalledProcessError):
        return {}
    return given
