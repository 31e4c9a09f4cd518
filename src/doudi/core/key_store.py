"""Where the keys of a house lie: the interface, and the plain folder HOME/keys. Other places are in `key_adapters`.

Keys are named `person_key`, `audit_salt`, `field-N` and `blind-N`. Written down, a key is hex, followed by the instant
from which it is used for writing where that is later than its making: until then every process learns to read it.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

CRYPTOS = ("intl", "sm")
FIELD_KEY_BYTES = {"intl": 32, "sm": 16}
OTHER_KEY_BYTES = 32
FIXED = ("person_key", "audit_salt")
SECRETS = (*FIXED, "secret_key")
NAME = re.compile(r"person_key|audit_salt|(field|blind)-[1-9]\d{0,8}")


class VaultError(RuntimeError):
    """Keys are missing, unknown or refused, or a ciphertext is not what was written. Never shows content."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """One key and the instant (seconds since 1970) from which it is used for writing."""

    secret: bytes
    writes_from: float = 0.0


class KeyStore(Protocol):
    """A place of keys. Errors are VaultErrors; nothing of a key is ever in their text."""

    def crypto(self) -> str:
        """`intl` or `sm`; fixed for the life of a house."""

    def keys(self) -> dict[str, Key]:
        """All keys in use by name."""

    def stamp(self) -> Hashable:
        """Something cheap that is another when the keys are others: running processes look at it every second."""

    def add(self, name: str, key: Key) -> None:
        """Keeps a further key; one that is there already is never overwritten."""

    def retire(self, name: str) -> None:
        """Takes a key out of use without destroying it: older backups are read with it."""


@dataclass(frozen=True, slots=True)
class FolderStore:
    """One file a key (0600) in a folder of its own (0700), outside database and backup."""

    folder: Path

    def crypto(self) -> str:
        """The file `crypto`; without it no keys have been made."""
        return crypto_in(self.folder)

    def keys(self) -> dict[str, Key]:
        """Every file whose name is that of a key."""
        crypto = self.crypto()
        named = [path for path in self.folder.iterdir() if NAME.fullmatch(path.name)]
        return {path.name: from_text(path.name, _text(path), crypto) for path in named}

    def stamp(self) -> Hashable:
        """Which keys there are, and the folder's time: a key comes and goes by a rename. Two within one tick of the
        file system's clock differ by name.
        """
        try:
            return self.folder.stat().st_mtime_ns, frozenset(os.listdir(self.folder))
        except OSError:
            return None

    def add(self, name: str, key: Key) -> None:
        """A new file."""
        if (self.folder / name).exists():
            raise VaultError("vault.keys_exist", f"There is a {name} already; keys are never overwritten.")
        write_private(self.folder / name, as_text(key))

    def retire(self, name: str) -> None:
        """Into the folder `retired`, from where it can be put back."""
        away = self.folder / "retired"
        away.mkdir(exist_ok=True, mode=0o700)
        try:
            (self.folder / name).rename(away / name)
        except FileNotFoundError:
            raise VaultError("vault.key_unknown", f"There is no key {name}.") from None


def crypto_in(folder: Path) -> str:
    """The crypto of a folder of keys; VaultError when there is none or it is no such."""
    try:
        crypto = (folder / "crypto").read_text().strip()
    except OSError:
        raise VaultError("vault.keys_missing", f"No keys in {folder}: run `doudi init` first.") from None
    if crypto not in CRYPTOS:
        raise VaultError("vault.crypto_unknown", f"{folder / 'crypto'} must say one of {', '.join(CRYPTOS)}.")
    return crypto


def length_of(name: str, crypto: str) -> int:
    """How many bytes a key of that name has."""
    return FIELD_KEY_BYTES[crypto] if name.startswith("field-") else OTHER_KEY_BYTES


def new_key(name: str, crypto: str, writes_from: float = 0.0) -> Key:
    """A fresh random key."""
    return Key(secrets.token_bytes(length_of(name, crypto)), writes_from)


def as_text(key: Key) -> str:
    """Hex, and the instant if there is one."""
    later = datetime.fromtimestamp(key.writes_from, UTC).isoformat(timespec="seconds") if key.writes_from else ""
    return f"{key.secret.hex()} {later}".rstrip()


def from_text(name: str, text: str, crypto: str) -> Key:
    """The key that a text says; VaultError when it is cut or is no key."""
    try:
        secret, later = (*text.split(), "")[:2]
        key = Key(bytes.fromhex(secret), datetime.fromisoformat(later).timestamp() if later else 0.0)
    except ValueError:
        key = Key(b"")
    if len(key.secret) != length_of(name, crypto):
        raise VaultError("vault.key_malformed", f"The key {name} is damaged: put the right one back; nothing was done.")
    return key


def write_private(path: Path, text: str) -> None:
    """A file only this account reads, whole or not at all, on disk before it has its name."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError):
        raise VaultError("vault.key_malformed", f"The key {path.name} cannot be read.") from None
