"""Asking a virus scanner about a file: clamd by its own protocol, if one is configured (DOUDI_CLAMD).

A configured scanner that does not answer stops the upload: nothing passes unseen.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from doudi.core.errors import Unavailable

SECONDS = 60.0
ANSWER = 4096


class Scanner(Protocol):
    """What says whether a file is known to be harmful."""

    def finds(self, pieces: Iterable[bytes]) -> str:
        """The name of what was found; "" for nothing. Raises Unavailable."""


class Clamd:
    """A running clamd at `unix:/path` or `tcp:host:port`."""

    def __init__(self, address: str) -> None:
        self._address = address

    def finds(self, pieces: Iterable[bytes]) -> str:
        """Streams the file (INSTREAM); clamd keeps nothing of it."""
        try:
            with self._connected() as wire:
                wire.sendall(b"zINSTREAM\0")
                for piece in pieces:
                    wire.sendall(len(piece).to_bytes(4) + piece)
                wire.sendall((0).to_bytes(4))
                said = self._said(wire)
        except (OSError, ValueError):
            said = ""
        if said.endswith("OK"):
            return ""
        if said.endswith("FOUND"):
            return said.removeprefix("stream: ").removesuffix(" FOUND")
        raise Unavailable("core.scanner", _("病毒扫描程序没有应答，文件没有收。请稍后再交，或联系系统管理员。"))

    def _connected(self) -> socket.socket:
        kind, _colon, where = self._address.partition(":")
        if kind == "unix":
            wire = socket.socket(socket.AF_UNIX)
            wire.settimeout(SECONDS)
            wire.connect(where)
            return wire
        host, _colon, port = where.rpartition(":")
        return socket.create_connection((host, int(port)), SECONDS)

    def _said(self, wire: socket.socket) -> str:
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < ANSWER:
            piece = wire.recv(ANSWER)
            if not piece:
                break
            answer += piece
        return answer.rstrip(b"\0\n").decode("utf-8", "replace").strip()


def scanner() -> Scanner | None:
    """The scanner of this house, if it has one."""
    return Clamd(settings.SCANNER) if settings.SCANNER else None
