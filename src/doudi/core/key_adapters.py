"""Other places of keys, chosen by DOUDI_KEYS: `folder` (default), `environment`, `wrapped:PATH`, or `module:function`.

`wrapped:PATH` is envelope encryption with a key service: HOME/keys holds only keys that the service has wrapped. The
service shipped here is a master key in a file elsewhere (a mounted medium); one with an interface of its own (a KMS, a
password machine 密码机) is a class with `wrap` and `unwrap`, put in by `module:function`, which is called with HOME and
returns a `KeyStore`.
"""

from __future__ import annotations

import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from doudi.core.key_store import (
    CRYPTOS,
    NAME,
    FolderStore,
    Key,
    KeyStore,
    VaultError,
    as_text,
    crypto_in,
    from_text,
    write_private,
)

PREFIX = "DOUDI_KEY_"
SUFFIX = ".wrapped"
NONCE_BYTES, MASTER_BYTES = 12, 32


class Kms(Protocol):
    """A service that holds a key nobody gets to see, and wraps others with it."""

    def wrap(self, name: str, secret: bytes) -> bytes:
        """The secret as only this service opens it, bound to its name."""

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """The secret again; VaultError when it was changed, has another name, or the service does not answer."""


@dataclass(frozen=True, slots=True, repr=False)
class FileKms:
    """A master key in a file that lies apart from the house: AES-256-GCM, the name authenticated."""

    path: Path

    def wrap(self, name: str, secret: bytes) -> bytes:
        """Nonce and ciphertext."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._master()).encrypt(nonce, secret, name.encode())

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """The secret, or VaultError."""
        try:
            return AESGCM(self._master()).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError):
            raise VaultError("vault.key_malformed", f"The master key does not open {name}.") from None

    def _master(self) -> bytes:
        try:
            master = bytes.fromhex(self.path.read_text().strip())
        except (OSError, ValueError):
            master = b""
        if len(master) != MASTER_BYTES:
            raise VaultError("vault.master_missing", f"No master key in {self.path}: mount it, then start again.")
        return master


@dataclass(frozen=True, slots=True)
class WrappedStore:
    """HOME/keys with wrapped keys only: whoever copies the folder has nothing without the service."""

    folder: Path
    kms: Kms = field(repr=False)

    def crypto(self) -> str:
        """As in a plain folder: it is no secret."""
        return crypto_in(self.folder)

    def keys(self) -> dict[str, Key]:
        """Every wrapped key, opened by the service."""
        crypto = self.crypto()
        found = {}
        for path in self.folder.glob(f"*{SUFFIX}"):
            name = path.name.removesuffix(SUFFIX)
            if NAME.fullmatch(name):
                found[name] = from_text(name, self.kms.unwrap(name, _decoded(path)).decode(), crypto)
        return found

    def stamp(self) -> Hashable:
        """As in a plain folder."""
        return FolderStore(self.folder).stamp()

    def add(self, name: str, key: Key) -> None:
        """Wrapped before it is written."""
        target = self.folder / f"{name}{SUFFIX}"
        if target.exists():
            raise VaultError("vault.keys_exist", f"There is a {name} already; keys are never overwritten.")
        write_private(target, b64encode(self.kms.wrap(name, as_text(key).encode())).decode())

    def retire(self, name: str) -> None:
        """Into the folder `retired`, wrapped as it is."""
        FolderStore(self.folder).retire(f"{name}{SUFFIX}")


@dataclass(frozen=True, slots=True, repr=False)
class EnvironmentStore:
    """DOUDI_KEY_CRYPTO, DOUDI_KEY_PERSON_KEY, DOUDI_KEY_AUDIT_SALT, DOUDI_KEY_FIELD_1, DOUDI_KEY_BLIND_1 …

    An environment does not change while a process runs: a further key is set with a later instant (`<hex> <instant>`),
    every process is started again before it, and from then on all write with it.
    """

    environment: Mapping[str, str]

    def crypto(self) -> str:
        """DOUDI_KEY_CRYPTO."""
        crypto = self.environment.get(f"{PREFIX}CRYPTO", "")
        if crypto not in CRYPTOS:
            raise VaultError("vault.keys_missing", f"{PREFIX}CRYPTO must say one of {', '.join(CRYPTOS)}.")
        return crypto

    def keys(self) -> dict[str, Key]:
        """Every variable whose name is that of a key."""
        crypto, found = self.crypto(), {}
        for variable, text in self.environment.items():
            name = variable.removeprefix(PREFIX).lower()
            name = name if name in ("person_key", "audit_salt") else name.replace("_", "-")
            if variable.startswith(PREFIX) and NAME.fullmatch(name):
                found[name] = from_text(name, text, crypto)
        return found

    def stamp(self) -> Hashable:
        """Always the same."""
        return "environment"

    def add(self, name: str, key: Key) -> None:
        """Not from inside: says what to set."""
        variable = f"{PREFIX}{name.upper().replace('-', '_')}"
        raise VaultError(
            "vault.store_read_only",
            f"Keys come from the environment: set {variable} (hex, then an instant after the last restart) for every "
            "process, start them again, then run `doudi keys rotate`.",
        )

    def retire(self, name: str) -> None:
        """Not from inside."""
        raise VaultError("vault.store_read_only", f"Keys come from the environment: take {name} out of it yourself.")


def store_of(home: Path) -> KeyStore:
    """The place of a house's keys, as DOUDI_KEYS says."""
    chosen = os.environ.get("DOUDI_KEYS", "folder")
    kind, _, rest = chosen.partition(":")
    if chosen == "folder":
        return FolderStore(home / "keys")
    if chosen == "environment":
        return EnvironmentStore(os.environ)
    if kind == "wrapped" and rest:
        return WrappedStore(home / "keys", FileKms(Path(rest)))
    try:
        return cast(KeyStore, getattr(import_module(kind), rest)(home))
    except (ImportError, AttributeError, ValueError):
        raise VaultError(
            "vault.store_unknown", "DOUDI_KEYS must be folder, environment, wrapped:PATH or module:function."
        ) from None


def wrap_folder(folder: Path, kms: Kms) -> list[str]:
    """Makes a plain folder of keys a wrapped one; a plain file goes when its wrapped one has been read back."""
    plain, wrapped = FolderStore(folder), WrappedStore(folder, kms)
    there = wrapped.keys()
    for name, key in plain.keys().items():
        if name not in there:
            wrapped.add(name, key)
    opened = wrapped.keys()
    done = [name for name, key in plain.keys().items() if opened[name] == key]
    for name in done:
        (folder / name).unlink()
    return sorted(done)


def _decoded(path: Path) -> bytes:
    try:
        return b64decode(path.read_text(), validate=True)
    except (OSError, ValueError):
        raise VaultError("vault.key_malformed", f"The key {path.name} cannot be read.") from None
