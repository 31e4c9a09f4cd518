"""Who signs checkpoints: the house's log key. Ed25519 here; other algorithms fill the same interface.

The key lies in HOME/keys/log_key (0600), outside database and backup. Its public part is given to every holder.
"""

from __future__ import annotations

import os
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from doudi.audit.logic.notes import Note, PublicKey, parse, signature_by
from doudi.core.vault import VaultError

FILE = "log_key"
ED25519 = 1
_SEED = 32


class Signer(Protocol):
    """A key that signs."""

    key: PublicKey

    def sign(self, data: bytes) -> bytes: ...


class Ed25519Signer:
    """RFC 8032, from a seed of 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._private.public_key().public_bytes_raw()
        self.key = PublicKey(f"doudi.log/{sha256(public).hexdigest()[:16]}", ED25519, public)

    def sign(self, data: bytes) -> bytes:
        """64 bytes."""
        return self._private.sign(data)


def is_signed_by(key: PublicKey, text: str) -> bool:
    """Whether a note is whole and signed with a key. BadNote where the text is no note."""
    note, signatures = parse(text)
    signature = signature_by(key, signatures)
    if signature is None or key.algorithm != ED25519 or note.origin != key.origin:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, note.body().encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def signed(note: Note, signer: Signer) -> str:
    """The text of a signed note."""
    return note.signed(signer.key, signer.sign(note.body().encode()))


def make_log_key(folder: Path) -> bool:
    """Makes the key of a new log. False when there is one: it is never overwritten."""
    path = folder / FILE
    if path.exists():
        return False
    fresh = folder / f".{FILE}.{os.getpid()}"
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_bytes(_SEED).hex())
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    return True


def open_signer(folder: Path) -> Signer:
    """The house's signer. VaultError when the key is missing or no key."""
    try:
        seed = bytes.fromhex((folder / FILE).read_text().strip())
        if len(seed) != _SEED:
            raise ValueError
        return Ed25519Signer(seed)
    except FileNotFoundError as error:
        raise VaultError(
            "audit.key_missing", f"The key that signs the log is not in {folder}: put log_key back. Nothing was signed."
        ) from error
    except ValueError as error:
        raise VaultError("audit.key_malformed", "HOME/keys/log_key is not a key of a log. Put it back.") from error
