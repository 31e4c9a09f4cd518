"""The key that signs answers: HOME/keys/exchange_key (Ed25519, 0600), made with the house.

Once answers were signed it is never made anew in silence: proofs given before would no longer hold. `site.key_register`
knows its fingerprint and refuses a start with another one. Without it the house works and answers nobody else's system.
"""

from __future__ import annotations

import os
import secrets
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from doudi.core.errors import Unavailable

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
        raise Unavailable("exchange.key_missing", _("签发答复的密钥不在。请系统管理员把备份的 HOME/keys 放回去。"))
    return _read(path)


def fingerprint(folder: Path) -> bytes | None:
    """16 bytes that tell the key of a folder of keys from any other; None when it is not there."""
    path = folder / NAME
    if not path.exists():
        return None
    return sha256(_read(path).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).digest()[:16]


def _read(path: Path) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip()))


def make_key(folder: Path) -> None:
    """The key of a new house, if it has none. Written whole beside it and linked: of two processes at once one wins,
    and both have the same key.
    """
    path = folder / NAME
    if path.exists():
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
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
