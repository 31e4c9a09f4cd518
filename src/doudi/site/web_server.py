"""Settings of the web server (gunicorn reads them by `-c python:doudi.site.web_server`): limits of what comes in.

A sender that is silent for half a minute in the middle of a request loses its connection, and with it the thread.
"""

from __future__ import annotations

import socket
import struct
from typing import Any

worker_class = "gthread"
preload_app = True
workers = 2
threads = 8
timeout = 60
graceful_timeout = 30
keepalive = 5
backlog = 256
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
SILENCE = 30


def when_ready(server: Any) -> None:
    """Accepted connections have the listener's time limit for each piece that is waited for."""
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENCE, 0))
