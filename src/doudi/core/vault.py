"""The keys of a house and what is done with them: encrypt a cell, index it blindly, key a person, digest with salt.

A ciphertext is key id (4 bytes) | nonce (12) | data and tag; its context `table|column|row-id` is authenticated, so
that a cell cannot be moved to another row. A blind index is key id (4) | HMAC (32). `person_key` never rotates and is
separate from the others: the lake is sorted by it. Where keys lie is in `key_store` and `key_adapters`.

A running process looks every second whether the keys have changed, and at once when it meets a key it does not know:
a new key is added while all go on serving.
"""

from __future__ import annotations

import hmac
import secrets
import time
import uuid
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

from doudi.core.key_adapters import store_of
from doudi.core.key_store import (
    CRYPTOS,
    FIXED,
    SECRETS,
    FolderStore,
    Key,
    KeyStore,
    VaultError,
    as_text,
    new_key,
    write_private,
)

__all__ = [
    "CRYPTOS", "ID_BYTES", "Vault", "VaultError", "add_key", "create_keys", "key_number", "open_vault", "vault",
]  # fmt: skip
ID_BYTES, NONCE_BYTES, TAG_BYTES = 4, 12, 16
LOOK_EVERY = 1.0
HEAD_START = 3.0
"""Seconds from a key's making until it writes: by then every process has looked."""


@dataclass(frozen=True, slots=True, repr=False)
class Vault:
    """All keys of one house; the highest field and blind key whose time has come are the ones used for writing."""

    crypto: str
    person: bytes
    audit_salt: bytes
    fields: Mapping[int, bytes]
    blinds: Mapping[int, bytes]
    writes_from: Mapping[str, float] = field(default_factory=dict)
    store: KeyStore | None = None

    def encrypt(self, context: str, plain: bytes) -> bytes:
        """Ciphertext under the newest field key, bound to `table|column|row-id`."""
        number = self.writing("field")
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = _seal(self.crypto, self.fields[number], nonce, plain, context.encode())
        return number.to_bytes(ID_BYTES) + nonce + sealed

    def decrypt(self, context: str, data: bytes) -> bytes:
        """The plain bytes; VaultError when the key is unknown or data or context are not the written ones."""
        if len(data) < ID_BYTES + NONCE_BYTES + TAG_BYTES:
            raise VaultError("vault.cut", "The ciphertext is cut off.")
        number = key_number(data)
        key = self.fields.get(number) or self._learnt(number)
        nonce, sealed = data[ID_BYTES : ID_BYTES + NONCE_BYTES], data[ID_BYTES + NONCE_BYTES :]
        try:
            return _open(self.crypto, key, nonce, sealed, context.encode())
        except InvalidTag:
            raise VaultError("vault.changed", "The ciphertext was changed or belongs to another place.") from None

    def blind_index(self, column: str, normalised: str) -> bytes:
        """36 bytes that are equal for equal values of one column and say nothing else, under the newest blind key."""
        return self._blind(self.writing("blind"), column, normalised)

    def blind_indexes(self, column: str, normalised: str) -> list[bytes]:
        """The index under every blind key, the one used for writing first: what a look-up asks for while a new key is
        being filled in.
        """
        first = self.writing("blind")
        return [self._blind(n, column, normalised) for n in (first, *sorted(set(self.blinds) - {first}))]

    def person_key(self, number18: str) -> uuid.UUID:
        """The lake's key of a person: HMAC of the normalised 18-character number, cut to 128 bits."""
        return uuid.UUID(bytes=self._mac(self.person, number18.encode())[:16])

    def salted_digest(self, data: bytes, salt: bytes) -> bytes:
        """A digest that proves content while its salt is kept, and nothing after the salt is deleted."""
        return self._mac(self._mac(self.audit_salt, salt), data)

    def fingerprints(self) -> dict[str, bytes]:
        """Key names with a digest of each key, for the register of keys in the database."""
        named = {f"field-{n}": key for n, key in self.fields.items()} | {
            f"blind-{n}": k for n, k in self.blinds.items()
        }
        named |= {"person_key": self.person, "audit_salt": self.audit_salt}
        return {name: self._mac(key, f"fingerprint|{name}".encode())[:16] for name, key in named.items()}

    def writing(self, kind: str) -> int:
        """The number of the key that is used for writing now (`field` or `blind`)."""
        numbers = self.fields if kind == "field" else self.blinds
        if len(numbers) == 1:
            return next(iter(numbers))
        now = time.time()
        begun = [number for number in numbers if self.writes_from.get(f"{kind}-{number}", 0.0) <= now]
        return max(begun) if begun else min(numbers)

    def _blind(self, number: int, column: str, normalised: str) -> bytes:
        return number.to_bytes(ID_BYTES) + self._mac(self.blinds[number], f"{column}|{normalised}".encode())

    def _learnt(self, number: int) -> bytes:
        """A key that was added after this process read its keys; VaultError when there is none."""
        try:
            found = open_vault(self.store).fields.get(number) if self.store else None
        except VaultError:
            found = None
        if found is None:
            raise VaultError(
                "vault.key_unknown", f"The ciphertext was written with field-{number}, which is not among the keys."
            )
        return found

    def _mac(self, key: bytes, data: bytes) -> bytes:
        if self.crypto == "intl":
            return hmac.digest(key, data, "sha256")
        mac = HMAC(key, hashes.SM3())
        mac.update(data)
        return mac.finalize()


def key_number(data: bytes) -> int:
    """The number of the key that a ciphertext or a blind index was made with."""
    return int.from_bytes(data[:ID_BYTES])


def create_keys(folder: Path, crypto: str = "intl") -> None:
    """Makes the keys of a new house. Refuses when there are keys already: they are fixed for the lake's life."""
    if crypto not in CRYPTOS:
        raise VaultError("vault.crypto_unknown", f"crypto must be one of {', '.join(CRYPTOS)}.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    if (folder / "crypto").exists():
        raise VaultError("vault.keys_exist", f"There are keys in {folder} already; they are never overwritten.")
    for name in (*SECRETS, "field-1", "blind-1"):
        if not (folder / name).exists():
            write_private(folder / name, as_text(new_key(name, crypto)))
    # written last: without it nothing can have been encrypted yet, and a broken-off init may be repeated
    write_private(folder / "crypto", crypto)


def add_key(store: KeyStore, kind: str, head_start: float = HEAD_START) -> str:
    """A further key of a kind; it reads at once and writes after the head start. Older ones stay for reading."""
    opened = open_vault(store)
    number = max(opened.fields if kind == "field" else opened.blinds) + 1
    name = f"{kind}-{number}"
    store.add(name, new_key(name, opened.crypto, time.time() + head_start if head_start else 0.0))
    return name


def open_vault(place: Path | KeyStore) -> Vault:
    """Reads the keys of a folder or of another store."""
    store = FolderStore(place) if isinstance(place, Path) else place
    crypto, keys = store.crypto(), store.keys()
    lacking = [name for name in (*FIXED, "field-1", "blind-1") if not _is_there(name, keys)]
    if lacking:
        raise VaultError(
            "vault.keys_missing", f"Of the keys {', '.join(lacking)} is missing: put it back; nothing was done."
        )
    return Vault(
        crypto=crypto,
        person=keys["person_key"].secret,
        audit_salt=keys["audit_salt"].secret,
        fields=_numbered("field", keys),
        blinds=_numbered("blind", keys),
        writes_from={name: key.writes_from for name, key in keys.items() if key.writes_from},
        store=store,
    )


def _is_there(name: str, keys: Mapping[str, Key]) -> bool:
    """The two fixed keys by name; of field and blind keys any one will do."""
    kind = name.partition("-")[0]
    return name in keys or (name not in FIXED and any(other.startswith(f"{kind}-") for other in keys))


def _numbered(kind: str, keys: Mapping[str, Key]) -> dict[int, bytes]:
    return {int(name.split("-")[1]): key.secret for name, key in keys.items() if name.startswith(f"{kind}-")}


@dataclass(slots=True)
class _Held:
    """The vault of a house as this process knows it, and when it last looked whether that is still so."""

    vault: Vault
    stamp: Hashable
    looked: float


_held: dict[Path, _Held] = {}


def vault() -> Vault:
    """The vault of this house, read once and again when its keys change."""
    home = Path(settings.HOME)
    held = _held.get(home)
    if held is None:
        store = store_of(home)
        stamp = store.stamp()
        held = _held[home] = _Held(open_vault(store), stamp, time.monotonic())
    elif time.monotonic() - held.looked >= LOOK_EVERY:
        _look(held)
    return held.vault


def _look(held: _Held) -> None:
    """Reads the keys again if they changed. Where that fails the known ones go on: serving does not stop for it."""
    held.looked = time.monotonic()
    store = held.vault.store
    if store is None or (stamp := store.stamp()) == held.stamp:
        return
    try:
        held.vault, held.stamp = open_vault(store), stamp
    except VaultError:
        return


def _seal(crypto: str, key: bytes, nonce: bytes, plain: bytes, context: bytes) -> bytes:
    if crypto == "intl":
        return AESGCM(key).encrypt(nonce, plain, context)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(context)
    return encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def _open(crypto: str, key: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
    if crypto == "intl":
        return AESGCM(key).decrypt(nonce, sealed, context)
    data, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(context)
    return decryptor.update(data) + decryptor.finalize()
