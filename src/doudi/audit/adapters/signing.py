"""Who signs checkpoints: the house's log key, Ed25519 or, in a house of SM keys, SM2.

The key lies in HOME/keys/log_key (0600), outside database and backup. Its public part is given to every holder. A
password machine (密码机, 签名验签服务器) goes in by DOUDI_LOG_SIGNER=module:function: called with HOME/keys it returns
a `Signer`; the key then never comes to us.
"""

from __future__ import annotations

import os
import secrets
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from doudi.audit.logic.notes import Note, PublicKey, parse, signature_by
from doudi.core.key_store import write_private
from doudi.core.vault import VaultError
from doudi.lib import sm2

FILE = "log_key"
ED25519, OTHER = 1, 255
SM2 = b"sm2-sm3:"
"""What the public bytes of an algorithm without a number of its own begin with."""
_SEED = 32
_SM2_FILE = "sm2 "


class Signer(Protocol):
    """A key that signs."""

    key: PublicKey

    def sign(self, data: bytes) -> bytes: ...


class Ed25519Signer:
    """RFC 8032, from a seed of 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._private.public_key().public_bytes_raw()
        self.key = PublicKey(_origin(public), ED25519, public)

    def sign(self, data: bytes) -> bytes:
        """64 bytes."""
        return self._private.sign(data)


class Sm2Signer:
    """GB/T 32918 over SM3, from a private key of 32 bytes. ValueError where they are none."""

    def __init__(self, private: bytes) -> None:
        self._private = int.from_bytes(private)
        self.key = sm2_key(sm2.public_of(self._private))

    def sign(self, data: bytes) -> bytes:
        """64 bytes: r and s."""
        return sm2.sign(self._private, data)


def sm2_key(public: bytes) -> PublicKey:
    """How the 64 bytes of an SM2 key are named as a log's, for signers of password machines too."""
    return PublicKey(_origin(public), OTHER, SM2 + public)


def is_signed_by(key: PublicKey, text: str) -> bool:
    """Whether a note is whole and signed with a key. BadNote where the text is no note."""
    note, signatures = parse(text)
    signature = signature_by(key, signatures)
    if signature is None or note.origin != key.origin:
        return False
    body = note.body().encode()
    if key.algorithm == OTHER and key.public.startswith(SM2):
        return sm2.is_signed(key.public.removeprefix(SM2), body, signature)
    return key.algorithm == ED25519 and _is_ed25519(key.public, body, signature)


def signed(note: Note, signer: Signer) -> str:
    """The text of a signed note."""
    return note.signed(signer.key, signer.sign(note.body().encode()))


def make_log_key(folder: Path, crypto: str = "intl") -> bool:
    """Makes the key of a new log, of SM2 where the house's keys are `sm`. False when there is one, which stays."""
    path = folder / FILE
    if path.exists() or _elsewhere():
        return False
    if crypto == "sm":
        write_private(path, _SM2_FILE + sm2.new_private().to_bytes(sm2.LENGTH).hex())
    else:
        write_private(path, secrets.token_bytes(_SEED).hex())
    return True


def open_signer(folder: Path) -> Signer:
    """The house's signer. VaultError when the key is missing or no key, or the password machine's adapter is none."""
    if _elsewhere():
        return _adapter(folder)
    try:
        text = (folder / FILE).read_text().strip()
        secret = bytes.fromhex(text.removeprefix(_SM2_FILE))
        if len(secret) != _SEED:
            raise ValueError
        return Sm2Signer(secret) if text.startswith(_SM2_FILE) else Ed25519Signer(secret)
    except FileNotFoundError as error:
        raise VaultError(
            "audit.key_missing", f"The key that signs the log is not in {folder}: put log_key back. Nothing was signed."
        ) from error
    except ValueError:
        raise VaultError("audit.key_malformed", "HOME/keys/log_key is not a key of a log. Put it back.") from None


def _elsewhere() -> str:
    return os.environ.get("DOUDI_LOG_SIGNER", "")


def _adapter(folder: Path) -> Signer:
    module, _, name = _elsewhere().partition(":")
    try:
        return cast(Signer, getattr(import_module(module), name)(folder))
    except (ImportError, AttributeError, ValueError):
        raise VaultError("audit.signer_unknown", "DOUDI_LOG_SIGNER must be module:function.") from None


def _origin(public: bytes) -> str:
    return f"doudi.log/{sha256(public).hexdigest()[:16]}"


def _is_ed25519(public: bytes, body: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, body)
    except (InvalidSignature, ValueError):
        return False
    return True
