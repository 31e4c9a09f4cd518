"""The key that signs answers: HOME/keys/exchange_key (Ed25519, 0600), made when it is first needed."""

from __future__ import annotations

import os
import secrets
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

NAME = "exchange_key"


def sign(content: bytes) -> bytes:
    """64 bytes."""
    return _key(_path()).sign(content)


def public_bytes() -> bytes:
    """The public key, 32 bytes."""
    return _key(_path()).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _path() -> Path:
    return Path(settings.HOME) / "keys" / NAME


@cache
def _key(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        _make(path)
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip()))


def _make(path: Path) -> None:
    """Written whole beside it and linked: of two processes at once one wins, and both have the same key."""
    fresh = path.with_name(f".{NAME}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_bytes(32).hex())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
