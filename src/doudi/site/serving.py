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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from doudi.site.addresses import answers, for_people

PATIENCE = 60.0
GRACE = 10.0
PR_SET_PDEATHSIG = 1
TAIL = 12
"""So many last lines of a log are shown when its process does not start."""
NAMES = {
    "web": ("网页服务", "the web server"),
    "work": ("后台任务", "the worker"),
    "keep_log": ("痕迹锚定", "the keeper of the log"),
    "metrics": ("监控端口", "the answerer of Prometheus"),
}


class NotServing(RuntimeError):
    """The web server, the worker or the keeper of the log did not come up, or died."""

    code = "site.not_serving"


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the house, and where its log begins with this start."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    begin: int

    def has_ended(self) -> bool:
        """Whether it is over."""
        return self.process.poll() is not None

    def said(self) -> str:
        """The last lines it wrote since it was started."""
        with self.log.open("rb") as file:
            file.seek(self.begin)
            lines = file.read().decode(errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-TAIL:])


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
def serving(home: Path, host: str, port: int, metrics: tuple[str, int] | None = None) -> Iterator[list[Part]]:
    """Web server, worker, keeper of the log, and Prometheus' answerer if wanted, until the block ends."""
    web = ["gunicorn", "doudi.site.wsgi:application", "-c", "python:doudi.site.web_server", "--bind", f"{host}:{port}"]
    web += ["--worker-tmp-dir", _memory_folder(home)]
    web += ["--no-control-socket"]  # it would lie outside the house, one for all houses of an account
    web += ["--config", "python:doudi.site.gunicorn_settings"]
    children: list[Part] = []
    try:
        counted = _counters(home)
        children.append(_child(home, "web", [sys.executable, "-m", *web], **counted))
        children.append(_child(home, "work", [sys.executable, "-m", "django", "procrastinate", "worker"]))
        children.append(_child(home, "work", [sys.executable, "-m", "django", "keep_log"], log="keep_log"))
        if metrics:
            command = [sys.executable, "-m", "doudi.site.metrics", metrics[0], str(metrics[1])]
            children.append(_child(home, "read", command, log="metrics", **counted))
        _await_answer(host, port, children)
        (home / "up.json").write_text(json.dumps({"address": for_people(host, port), "process": os.getpid()}))
        yield children
    finally:
        (home / "up.json").unlink(missing_ok=True)
        _end(children)


def watch(children: list[Part]) -> None:
    """Blocks while all live; NotServing when one of them dies."""
    while not any(child.has_ended() for child in children):
        time.sleep(0.3)
    raise NotServing(_why([child for child in children if child.has_ended()], ("停了", "stopped by itself")))


def _child(home: Path, role: str, command: list[str], *, log: str = "", **variables: str) -> Part:
    environment = os.environ | variables | {
        "DOUDI_HOME": str(home), "DOUDI_ROLE": role, "DJANGO_SETTINGS_MODULE": "doudi.site.settings"
    }  # fmt: skip
    folder = home / "log"
    folder.mkdir(exist_ok=True, mode=0o700)
    path = folder / f"{log or role}.log"
    with path.open("ab") as file:
        begin = file.tell()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=environment,
            start_new_session=True, preexec_fn=end_with_parent,
        )  # fmt: skip
    return Part(log or role, process, path, begin)


def end_with_parent() -> None:
    """Children of a killed parent end too (Linux; elsewhere nothing happens)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _await_answer(host: str, port: int, children: list[Part]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        ended = [child for child in children if child.has_ended()]
        if ended:
            raise NotServing(_why(ended, ("没有启动", "did not start")))
        if answers(host, port):
            return
        time.sleep(0.1)
    silent = [child for child in children if child.name == "web"]
    raise NotServing(_why(silent, (f"{PATIENCE:.0f} 秒没有应答", f"did not answer for {PATIENCE:.0f} seconds")))


def _why(parts: list[Part], what: tuple[str, str]) -> str:
    """Which of them, what became of it, and what it said last."""
    told = []
    for part in parts:
        zh, en = NAMES[part.name]
        code = part.process.poll()
        ended = f" (exit code {code})" if code is not None else ""
        told.append(
            f"{zh}{what[0]} · {en} {what[1]}{ended}. {part.log} 的最后几行 · its last lines:\n"
            + (part.said() or "  （没有 · none）")
        )
    return "\n".join(told)


def _end(children: list[Part]) -> None:
    for child in children:
        if not child.has_ended():
            child.process.terminate()
    deadline = time.monotonic() + GRACE
    for child in children:
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


def _counters(home: Path) -> dict[str, str]:
    """The folder into which the web server's processes count, emptied: figures begin anew with each start."""
    folder = home / "log" / "counters"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return {"PROMETHEUS_MULTIPROC_DIR": str(folder)}


def _memory_folder(home: Path) -> str:
    shared = Path("/dev/shm")  # noqa: S108
    return str(shared if os.access(shared, os.W_OK) else home)
