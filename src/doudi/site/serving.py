"""Web server, worker and keeper of the log of a house, started together and stopped together; one set a house."""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

PATIENCE = 60.0
GRACE = 10.0
PR_SET_PDEATHSIG = 1


class NotServing(RuntimeError):
    """The web server, the worker or the keeper of the log did not come up, or died."""

    code = "site.not_serving"


class Stop(BaseException):
    """Ctrl-C or SIGTERM came."""


@contextmanager
def only_one(home: Path) -> Iterator[bool]:
    """True when no other `doudi up` runs for this house; the lock goes with the process, however it ends."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / "up.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """SIGINT and SIGTERM become `Stop`; a second one while stopping is ignored."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        raise Stop

    kept = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def running_address(home: Path, patience: float = PATIENCE) -> str | None:
    """The address of the one that runs; waits while it is still starting."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            return str(json.loads((home / "up.json").read_text())["address"])
        except (OSError, ValueError, KeyError):
            time.sleep(0.2)
    return None


def free_port(host: str, wanted: int) -> int:
    """The wanted port, else the next free one."""
    for port in range(wanted, min(wanted + 100, 65536)):
        with socket.socket() as end:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                end.bind((host, port))
            except OSError:
                continue
            return port
    raise NotServing(f"No free port from {wanted} on.")


@contextmanager
def serving(
    home: Path, host: str, port: int, metrics: tuple[str, int] | None = None
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Web server, worker, keeper of the log, and Prometheus' answerer if wanted, until the block ends."""
    address = f"http://{host}:{port}"
    web = ["gunicorn", "doudi.site.wsgi:application", "-c", "python:doudi.site.web_server", "--bind", f"{host}:{port}"]
    web += ["--worker-tmp-dir", _memory_folder(home)]
    web += ["--no-control-socket"]  # it would lie outside the house, one for all houses of an account
    web += ["--config", "python:doudi.site.gunicorn_settings"]
    children = []
    try:
        counted = _counters(home)
        children.append(_child(home, "web", [sys.executable, "-m", *web], **counted))
        children.append(_child(home, "work", [sys.executable, "-m", "django", "procrastinate", "worker"]))
        children.append(_child(home, "work", [sys.executable, "-m", "django", "keep_log"], log="keep_log"))
        if metrics:
            command = [sys.executable, "-m", "doudi.site.metrics", metrics[0], str(metrics[1])]
            children.append(_child(home, "read", command, log="metrics", **counted))
        _await_answer(address, children)
        (home / "up.json").write_text(json.dumps({"address": address, "process": os.getpid()}))
        yield children
    finally:
        (home / "up.json").unlink(missing_ok=True)
        _end(children)


def watch(children: list[subprocess.Popen[bytes]]) -> None:
    """Blocks while all live; NotServing when one of them dies."""
    while all(child.poll() is None for child in children):
        time.sleep(0.3)
    raise NotServing("The web server, the worker or the keeper of the log stopped by itself; see HOME/log.")


def _child(home: Path, role: str, command: list[str], *, log: str = "", **variables: str) -> subprocess.Popen[bytes]:
    environment = os.environ | variables | {
        "DOUDI_HOME": str(home), "DOUDI_ROLE": role, "DJANGO_SETTINGS_MODULE": "doudi.site.settings"
    }  # fmt: skip
    folder = home / "log"
    folder.mkdir(exist_ok=True, mode=0o700)
    with (folder / f"{log or role}.log").open("ab") as file:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=environment,
            start_new_session=True, preexec_fn=end_with_parent,
        )  # fmt: skip


def end_with_parent() -> None:
    """Children of a killed parent end too (Linux; elsewhere nothing happens)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _await_answer(address: str, children: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            break
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise NotServing("The web server, the worker or the keeper of the log did not start; see HOME/log.")


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _counters(home: Path) -> dict[str, str]:
    """The folder into which the web server's processes count, emptied: figures begin anew with each start."""
    folder = home / "log" / "counters"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return {"PROMETHEUS_MULTIPROC_DIR": str(folder)}


def _memory_folder(home: Path) -> str:
    shared = Path("/dev/shm")  # noqa: S108
    return str(shared if os.access(shared, os.W_OK) else home)
