"""The process that answers Prometheus, on a port of its own: `python -m doudi.site.metrics HOST PORT`.

It listens on loopback unless told otherwise; elsewhere it wants the token of HOME/keys/metrics_token as a bearer.
"""

from __future__ import annotations

import hmac
import ipaddress
import os
import secrets
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, multiprocess

TOKEN = "metrics_token"  # noqa: S105  (a file's name)
Start = Callable[[str, list[tuple[str, str]]], Any]


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: it is asked every few seconds."""


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def token(home: Path) -> str:
    """The bearer token, made on first use (0600)."""
    path = home / "keys" / TOKEN
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text().strip()


def application(folder: str, bearer: str) -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    """WSGI: GET /metrics, nothing else."""

    def answer(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        given = str(environ.get("HTTP_AUTHORIZATION", ""))
        if environ.get("PATH_INFO") != "/metrics" or environ.get("REQUEST_METHOD") != "GET":
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b"/metrics\n"]
        if bearer and not hmac.compare_digest(given.encode(), f"Bearer {bearer}".encode()):
            start("401 Unauthorized", [("Content-Type", "text/plain"), ("WWW-Authenticate", "Bearer")])
            return [b"a bearer token is needed\n"]
        start("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
        return [collected(folder)]

    return answer


def collected(folder: str) -> bytes:
    """Counters of all processes of the web server, and the states of the house."""
    from django.db import close_old_connections

    from doudi.core.clock import now
    from doudi.operations.metrics import States
    from doudi.operations.remembered import recent_states

    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]
    close_old_connections()
    registry.register(States(recent_states(now())))
    return generate_latest(registry)


def main(host: str, port: int) -> None:
    """Serves until it is stopped."""
    import django

    # this process reads the counters of others, it does not count itself
    folder = os.environ.pop("PROMETHEUS_MULTIPROC_DIR")
    django.setup()
    home = Path(os.environ["DOUDI_HOME"])
    bearer = "" if ipaddress.ip_address(host).is_loopback else token(home)
    with make_server(host, port, application(folder, bearer), _Threaded, _Quiet) as server:
        server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
