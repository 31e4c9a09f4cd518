"""Checkpoints as signed notes (C2SP: signed-note, tlog-checkpoint): a few lines of text that anybody can keep and read.

origin                      which log
12345                       how many entries
base64 root
hash sha256
time 2026-07-14T02:00:00Z

— origin base64(4 bytes of the key, signature)
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from doudi.lib.merkle import HASHES

KEY_BYTES = 4


class BadNote(ValueError):
    """Text that is no checkpoint."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Who signs a log: its name, the algorithm (1 is Ed25519; 255 another, named by how the bytes begin), the bytes."""

    origin: str
    algorithm: int
    public: bytes

    @property
    def digest(self) -> bytes:
        """What a signature line begins with."""
        return sha256(self.origin.encode() + b"\n" + bytes([self.algorithm]) + self.public).digest()[:KEY_BYTES]

    def text(self) -> str:
        """`origin+hex+base64`, as holders keep it."""
        return f"{self.origin}+{self.digest.hex()}+{_text(bytes([self.algorithm]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> PublicKey:
        """Read `text()` back. BadNote where it is none."""
        origin, digest, public = [*text.strip().split("+", 2), "", ""][:3]
        data = _bytes(public)
        key = cls(origin, data[0] if data else 0, data[1:])
        if not origin or not data or key.digest.hex() != digest:
            raise BadNote("not the public key of a log")
        return key


@dataclass(frozen=True, slots=True)
class Note:
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes
    hash_name: str
    at: datetime

    def body(self) -> str:
        """The signed lines."""
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"{self.origin}\n{self.size}\n{_text(self.root)}\nhash {self.hash_name}\ntime {at}\n"

    def signed(self, key: PublicKey, signature: bytes) -> str:
        """The note with its signature."""
        return f"{self.body()}\n— {key.origin} {_text(key.digest + signature)}\n"


def parse(text: str) -> tuple[Note, list[tuple[str, bytes]]]:
    """What a note says, and its signatures by key digest. BadNote where it is none; nothing is verified here."""
    body, gap, rest = text.partition("\n\n")
    lines = body.split("\n")
    if not gap or len(lines) != 5 or not lines[3].startswith("hash ") or not lines[4].startswith("time "):
        raise BadNote("not a checkpoint of a log")
    try:
        at = datetime.strptime(lines[4], "time %Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        note = Note(lines[0], int(lines[1]), _bytes(lines[2]), lines[3].removeprefix("hash "), at)
    except ValueError as error:
        raise BadNote("not a checkpoint of a log") from error
    if note.hash_name not in HASHES or note.size < 0 or note.body() != body + "\n":
        raise BadNote("not a checkpoint of a log")
    signatures = []
    for line in rest.splitlines():
        sign, _, signature = line.removeprefix("— ").rpartition(" ")
        if not line.startswith("— ") or not sign or len(_bytes(signature)) <= KEY_BYTES:
            raise BadNote("a signature line cannot be read")
        signatures.append((sign, _bytes(signature)))
    return note, signatures


def signature_by(key: PublicKey, signatures: list[tuple[str, bytes]]) -> bytes | None:
    """The signature made with a key; None when there is none of it."""
    for origin, data in signatures:
        if origin == key.origin and data[:KEY_BYTES] == key.digest:
            return data[KEY_BYTES:]
    return None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("not base64") from error
