"""`doudi up` as people use it: stopped whole by Ctrl-C, up again after a kill -9; a stopped trial leaves nothing."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from doudi.core.vault import create_keys
from doudi.site.postgres import Cluster
from doudi.site.serving import NotServing, Part, _await_answer, free_port
from doudi.site.throwaway import MARK, sweep
from tests.architecture.project import ROOT

CODE = "from doudi.site.cli import main; main()"
PATIENCE = 240


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = tmp_path_factory.mktemp("兜底 的 house") / ("long" * 25)
    create_keys(made / "keys")
    yield made
    Cluster(made).stop()


def _command(*words: str, **variables: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOUDI_", "DJANGO_"))}
    return subprocess.Popen(
        [sys.executable, "-u", "-c", CODE, *words], env=kept | variables, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )  # fmt: skip


def _until(process: subprocess.Popen[str], text: str) -> str:
    """Everything printed up to a line with `text`."""
    assert process.stdout is not None
    seen = ""
    for line in process.stdout:
        seen += line
        if text in line:
            return seen
    raise AssertionError(seen)


def _up(home: Path, **variables: str) -> tuple[subprocess.Popen[str], str]:
    process = _command("up", "--port", str(free_port("127.0.0.1", 8600)), DOUDI_HOME=str(home), **variables)
    return process, _until(process, "Ctrl-C")


def _descendants(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    above = {int(child): int(parent) for child, parent in (line.split() for line in listed.splitlines())}
    found = [pid]
    for one in found:
        found += [child for child, parent in above.items() if parent == one]
    return found


def _are_gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not any(_lives(pid) for pid in pids):
            return True
        time.sleep(0.1)
    return False


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_ctrl_c_stops_everything_and_a_second_start_prints_the_address(home: Path) -> None:
    process, printed = _up(home)
    address = json.loads((home / "up.json").read_text())["address"]
    assert address in printed and "registrar" not in printed
    beside = _command("up", DOUDI_HOME=str(home))
    assert address in beside.communicate(timeout=PATIENCE)[0] and beside.returncode == 0
    everybody = _descendants(process.pid)
    assert len(everybody) > 4
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0 and _are_gone(everybody)
    assert not Cluster(home).is_running() and not (home / "up.json").exists()


def test_it_comes_up_again_after_everything_was_killed(home: Path) -> None:
    process, _printed = _up(home)
    everybody = _descendants(process.pid)
    for pid in everybody:
        with suppress(ProcessLookupError):  # a process of the database's that had done its work meanwhile
            os.kill(pid, signal.SIGKILL)
    assert process.wait(PATIENCE) == -signal.SIGKILL and _are_gone(everybody)
    again, printed = _up(home)
    assert "http://127.0.0.1:" in printed
    again.send_signal(signal.SIGTERM)
    assert again.wait(PATIENCE) == 0 and not Cluster(home).is_running()


def _status(address: str, **headers: str) -> int:
    """What an address answers, redirections not followed."""
    asked = urlsplit(address)
    connection = http.client.HTTPConnection(asked.hostname or "", asked.port, timeout=30)
    connection.request("GET", asked.path or "/", headers=headers)
    return connection.getresponse().status


@pytest.mark.parametrize("hosts", ["", ".office.example,other.example"])
def test_with_https_it_starts_and_is_watched_on_this_machine(home: Path, hosts: str) -> None:
    process, printed = _up(home, DOUDI_HTTPS="1", DOUDI_PROXY_SSL_HEADER="X-Forwarded-Proto", DOUDI_HOSTS=hosts)
    found = re.search(r"curl (http://127.0.0.1:\d+)/health/", printed)
    assert found is not None, printed
    assert ("https://office.example" in printed) == bool(hosts) and ("DOUDI_HOSTS is not set" in printed) == (not hosts)
    here = found[1]
    deadline = time.monotonic() + PATIENCE
    while _status(f"{here}/health/") != 200 and time.monotonic() < deadline:
        time.sleep(0.5)  # the worker's first heartbeat
    assert [_status(f"{here}/health/", Host=name) for name in ("localhost", "elsewhere.example")] == [200, 400]
    name = "office.example" if hosts else "localhost"
    assert _status(f"{here}/accounts/login/", Host=name) == 301
    through = {"Host": name, "X-Forwarded-Proto": "https"}
    assert _status(f"{here}/accounts/login/", **through) == 200
    if hosts:
        assert _status(f"{here}/accounts/login/", **through | {"Host": "localhost"}) == 400, "health alone"
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0


def test_what_does_not_start_is_named_with_what_it_said_now(tmp_path: Path) -> None:
    log = tmp_path / "keep_log.log"
    log.write_text("an old line\n")
    with log.open("ab") as file:
        command = [sys.executable, "-c", "print('the folder is away'); raise SystemExit(3)"]
        process = subprocess.Popen(command, stdout=file)
    part = Part("keep_log", process, log, len("an old line\n"))
    with pytest.raises(NotServing) as caught:
        _await_answer("127.0.0.1", free_port("127.0.0.1", 8700), [part])
    said = str(caught.value)
    assert "痕迹锚定没有启动" in said and "the keeper of the log did not start (exit code 3)" in said
    assert str(log) in said and "the folder is away" in said and "an old line" not in said


def test_without_keys_nothing_is_started(tmp_path: Path) -> None:
    process = _command("up", DOUDI_HOME=str(tmp_path / "new"))
    said = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 1 and "doudi init" in said and "Traceback" not in said
    assert not (tmp_path / "new" / "pg").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_trial_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = _command("trial", str(ROOT / "demo"), "--out", str(tmp_path / "out"), TMPDIR=str(scratch))
    _until(process, "tables")
    everybody = _descendants(process.pid)
    process.send_signal(number)
    assert process.wait(PATIENCE) == 1 and _are_gone(everybody)
    assert not list(scratch.iterdir()) and not (tmp_path / "out").exists()


def test_what_a_killed_trial_left_is_cleared_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for name, pid in (("dead", dead.pid), ("alive", os.getpid())):
        (tmp_path / f"{MARK}{name}").mkdir()
        (tmp_path / f"{MARK}{name}" / "process").write_text(str(pid))
    sweep()
    assert [path.name for path in tmp_path.iterdir()] == [f"{MARK}alive"]
