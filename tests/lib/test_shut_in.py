# ruff: noqa: E501  (tables of files and texts: one a line)
"""Each wall holds where the system has it: network, folders, privileges, memory, files, the parent's end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BEGIN = "import sys, os, socket; from pathlib import Path; from doudi.lib import shut_in\n"


def child(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", BEGIN + code, *arguments], capture_output=True, text=True, check=False)


def test_folders_but_one_are_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "secret").write_text("s")
    (tmp_path / "in" / "link").symlink_to(tmp_path / "out" / "secret")
    done = child(
        """
if not shut_in.only_folders(read=shut_in.program_folders(), write=[Path(sys.argv[1]) / 'in']): sys.exit(77)
Path(sys.argv[1], 'in', 'own').write_text('x')
import sqlite3  # what is imported late is still found
for path in (Path(sys.argv[1], 'out', 'secret'), Path(sys.argv[1], 'in', 'link'), Path('/etc/passwd'), Path('/proc/self/environ')):
    try: path.read_bytes(); print('read', path)
    except PermissionError: pass
try: Path(sys.argv[1], 'out', 'new').write_text('x'); print('wrote')
except PermissionError: pass
""",
        str(tmp_path),
    )
    if done.returncode == 77:
        pytest.skip("this kernel has no Landlock")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_there_is_no_network() -> None:
    with socket_listening() as (port, _end):
        done = child(
            f"""
if not shut_in.no_network(): sys.exit(77)
try: socket.create_connection(('127.0.0.1', {port}), 2); print('reached')
except OSError: pass
"""
        )
    if done.returncode == 77:
        pytest.skip("this system forbids user namespaces")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def socket_listening():  # type: ignore[no-untyped-def]
    import contextlib
    import socket

    @contextlib.contextmanager
    def listening():  # type: ignore[no-untyped-def]
        with socket.create_server(("127.0.0.1", 0)) as end:
            yield end.getsockname()[1], end

    return listening()


def test_memory_and_files_have_an_end(tmp_path: Path) -> None:
    done = child(
        """
shut_in.limit(memory=300 * 2**20, cpu=5, file=1000)
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try: bytearray(400 * 2**20); print('memory')
except MemoryError: pass
try: Path(sys.argv[1], 'big').write_bytes(b'x' * 2000); print('file')
except OSError: pass
""",
        str(tmp_path),
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_privileges_cannot_be_gained() -> None:
    done = child("shut_in.nothing_new(); print(Path('/proc/self/status').read_text())")
    if not sys.platform.startswith("linux"):
        pytest.skip("Linux only")
    assert "NoNewPrivs:\t1" in done.stdout
