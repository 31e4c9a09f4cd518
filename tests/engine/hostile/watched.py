"""What Python tells its auditors while something runs: files opened, code made, programs started, sockets used."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

OUTWARD = {
    "compile", "exec", "code.__new__", "import", "marshal.loads", "pickle.find_class", "ctypes.dlopen",
    "socket.__new__", "socket.connect", "socket.bind", "socket.getaddrinfo", "urllib.Request", "http.client.connect",
    "subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.startfile",
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.putenv",
    "shutil.rmtree", "shutil.move", "shutil.copyfile", "tempfile.mkstemp", "tempfile.mkdtemp", "sqlite3.connect",
}  # fmt: skip
_listening: list[list[tuple[str, Any]]] = []


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    for events in _listening:
        events.append((event, arguments[0] if arguments else None))


sys.addaudithook(_hear)


@contextmanager
def watched() -> Iterator[list[tuple[str, Any]]]:
    """The events (name, first argument) of this process while the block runs."""
    events: list[tuple[str, Any]] = []
    _listening.append(events)
    try:
        yield events
    finally:
        _listening.remove(events)
