"""The gateway's end: a socket, three messages, three database functions. It imports no Django and knows no table.

A connection carries one message; it has five seconds. More than 120 submissions or 600 questions in any sixty
seconds are refused before the database is asked; its functions put all others on record.
"""

from __future__ import annotations

import logging
import socketserver
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString
from uuid import uuid4

import psycopg
from psycopg.conninfo import make_conninfo

from doudi.gateway.adapters.cell import Place, answer_context, text_context
from doudi.gateway.logic.protocol import (
    LONGEST_LINE,
    Message,
    NotAMessage,
    code_digest,
    line_of,
    new_receipt,
    read_message,
)
from doudi.lib.working_days import SHANGHAI

SECONDS = 5.0
A_MINUTE = {"submit": 120, "answer": 600}
logger = logging.getLogger("doudi.gateway")


@dataclass
class Gateway:
    """What answers a message."""

    place: Place
    _taken: dict[str, deque[float]] = field(default_factory=lambda: {do: deque() for do in A_MINUTE})
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, line: bytes) -> dict[str, Any]:
        """One answer; why not, in a word, where there is none."""
        try:
            message = read_message(line)
            self._not_too_many(message.do)
            answers = {"areas": self._areas, "submit": self._submit, "answer": self._answer}
            return {"ok": True} | answers[message.do](message)
        except NotAMessage:
            return {"ok": False, "why": "message"}
        except _Refused as error:
            return {"ok": False, "why": str(error)}
        except psycopg.Error as error:
            logger.error("gateway.database %s", error.sqlstate or type(error).__name__)
            return {"ok": False, "why": "unavailable"}

    def _not_too_many(self, do: str) -> None:
        if do not in A_MINUTE:
            return
        with self._lock:
            taken, now = self._taken[do], time.monotonic()
            while taken and taken[0] < now - 60:
                taken.popleft()
            if len(taken) >= A_MINUTE[do]:
                raise _Refused("busy")
            taken.append(now)

    def _areas(self, message: Message) -> dict[str, Any]:
        rows = self._called("SELECT code, name FROM gateway_areas(%s)", message.given["within"])
        return {"areas": [[str(code), str(name)] for code, name in rows]}

    def _submit(self, message: Message) -> dict[str, Any]:
        own, (receipt, code) = uuid4(), new_receipt()
        sealed = self.place.cell().encrypt(text_context(own), message.given["text"].strip().encode())
        given = (own, receipt, code_digest(receipt, code), message.given["area"], sealed)
        if self._called("SELECT gateway_submit(%s, %s, %s, %s, %s)", *given) != [(True,)]:
            raise _Refused("area")
        return {"receipt": receipt, "code": code}

    def _answer(self, message: Message) -> dict[str, Any]:
        receipt = message.given["receipt"]
        digest = code_digest(receipt, message.given["code"])
        asked: LiteralString = "SELECT state, enquiry, answer, submitted, answered FROM gateway_answer(%s, %s)"
        rows = self._called(asked, receipt, digest)
        if not rows:
            raise _Refused("unknown")
        state, enquiry, sealed, submitted, answered = rows[0]
        told = self.place.cell().decrypt(answer_context(enquiry), bytes(sealed)).decode() if sealed else ""
        return {"state": state, "answer": told, "received_on": _day(submitted), "answered_on": _day(answered)}

    def _called(self, statement: LiteralString, *given: object) -> list[tuple[Any, ...]]:
        place = self.place
        where = make_conninfo(
            host=place.host, port=place.port or None, dbname=place.database, user=place.user, password=place.password,
            connect_timeout=5,
        )  # fmt: skip
        with psycopg.connect(where, autocommit=True) as connection:
            return connection.execute(statement, given).fetchall()


def _day(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).date().isoformat() if at else ""


class _Refused(Exception):
    """Why a message was not answered."""


class _Handler(socketserver.StreamRequestHandler):
    timeout = SECONDS

    def handle(self) -> None:
        """One line in, one line out."""
        server = self.server
        assert isinstance(server, GatewayServer)
        try:
            self.wfile.write(line_of(server.gateway.answer(self.rfile.readline(LONGEST_LINE + 1))))
        except OSError:
            return  # too slow, or gone


class GatewayServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Listens at a socket that the outer process may open."""

    daemon_threads = True

    def __init__(self, socket: Path, place: Place, mode: int = 0o600) -> None:
        self.gateway = Gateway(place)
        socket.unlink(missing_ok=True)
        super().__init__(str(socket), _Handler)
        socket.chmod(mode)
