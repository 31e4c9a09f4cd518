"""Electronic seals: what is asked of whatever seals a document, and a seal made with a key in a file.

What the file seal is: a signature (Ed25519) over the document's bytes, the seal's name and the instant, in a file of
its own beside the document; anybody can check it with the public key. What it is not: a seal of GB/T 38540 issued by an
authority, or a signature by a licensed certification body. It has the legal force of neither. An office with a
signature server (签名验签服务器) or a seal platform writes one class with these two methods.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KIND = "doudi-file-seal-1"
KEY = "seal"


class SealBroken(ValueError):
    """The seal does not belong to this document, or was not made with this key; the message says which."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a seal says, once it was found whole."""

    name: str
    at: datetime
    digest: str


class Sealer(Protocol):
    """A way of sealing: a file's key, a signature server, a province's seal platform."""

    def seal(self, document: bytes, *, name: str, at: datetime) -> bytes:
        """The seal of a document, to be kept beside it."""
        ...

    def check(self, document: bytes, seal: bytes) -> Sealed:
        """What the seal says; SealBroken when it does not hold."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class FileSealer:
    """Seals with HOME/keys/seal (0600), made on first use; its public key is in every seal and beside the key."""

    keys: Path

    def seal(self, document: bytes, *, name: str, at: datetime) -> bytes:
        key = self._key()
        said = {
            "kind": KIND,
            "name": name,
            "at": at.astimezone(UTC).isoformat(),
            "sha256": hashlib.sha256(document).hexdigest(),
            "public_key": public_text(key.public_key()),
        }
        signature = base64.b64encode(key.sign(_signed(said))).decode()
        return json.dumps(said | {"signature": signature}, ensure_ascii=False, indent=1).encode()

    def check(self, document: bytes, seal: bytes) -> Sealed:
        return check_seal(document, seal, (self.keys / f"{KEY}.pub").read_text().strip())

    def _key(self) -> Ed25519PrivateKey:
        path = self.keys / KEY
        if not path.exists():
            made = Ed25519PrivateKey.generate()
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(made.private_bytes_raw().hex())
            (self.keys / f"{KEY}.pub").write_text(public_text(made.public_key()) + "\n")
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip()))


def check_seal(document: bytes, seal: bytes, public_key: str) -> Sealed:
    """A seal checked with a public key known from elsewhere: the one in the seal proves nothing by itself."""
    try:
        said = dict(json.loads(seal))
        signature = base64.b64decode(str(said.pop("signature")), validate=True)
        known = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        found = Sealed(str(said["name"]), datetime.fromisoformat(str(said["at"])), str(said["sha256"]))
    except (ValueError, KeyError, TypeError):
        raise SealBroken("this is no seal") from None
    if said.get("kind") != KIND or said.get("public_key") != public_key:
        raise SealBroken("the seal was made with another key")
    try:
        known.verify(signature, _signed(said))
    except InvalidSignature:
        raise SealBroken("the seal was changed") from None
    if hashlib.sha256(document).hexdigest() != found.digest:
        raise SealBroken("the document is not the one that was sealed")
    return found


def public_text(key: Ed25519PublicKey) -> str:
    """A public key as it is handed on."""
    return base64.b64encode(key.public_bytes_raw()).decode()


def _signed(said: Mapping[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
