"""The keys of a house and what is done with them: encrypt a cell, index it blindly, key a person, digest with salt.

Keys live in HOME/keys (0600), outside database and backup. A ciphertext is key id (4 bytes) | nonce (12) | data and
tag; its context `table|column|row-id` is authenticated, so that a cell cannot be moved to another row. `person_key`
never rotates and is separate from the others: the lake is sorted by it.
"""

from __future__ import annotations

import hmac
import os
import secrets
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

CRYPTOS = ("intl", "sm")
FIELD_KEY_BYTES = {"intl": 32, "sm": 16}
ID_BYTES, NONCE_BYTES, TAG_BYTES = 4, 12, 16
SECRETS = ("person_key", "audit_salt", "secret_key")


class VaultError(RuntimeError):
    """Keys are missing, unknown or refused, or a ciphertext is not what was written. Never shows content."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, repr=False)
class Vault:
    """All keys of one house; the highest field and blind key are the ones used for writing."""

    crypto: str
    person: bytes
    audit_salt: bytes
    fields: dict[int, bytes]
    blinds: dict[int, bytes]

    def encrypt(self, context: str, plain: bytes) -> bytes:
        """Ciphertext under the newest field key, bound to `table|column|row-id`."""
        number = max(self.fields)
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = _seal(self.crypto, self.fields[number], nonce, plain, context.encode())
        return number.to_bytes(ID_BYTES) + nonce + sealed

    def decrypt(self, context: str, data: bytes) -> bytes:
        """The plain bytes; VaultError when the key is unknown or data or context are not the written ones."""
        if len(data) < ID_BYTES + NONCE_BYTES + TAG_BYTES:
            raise VaultError("vault.cut", "The ciphertext is cut off.")
        key = self.fields.get(int.from_bytes(data[:ID_BYTES]))
        if key is None:
            raise VaultError("vault.key_unknown", "The ciphertext was written with a key that is not in HOME/keys.")
        nonce, sealed = data[ID_BYTES : ID_BYTES + NONCE_BYTES], data[ID_BYTES + NONCE_BYTES :]
        try:
            return _open(self.crypto, key, nonce, sealed, context.encode())
        except InvalidTag:
            raise VaultError("vault.changed", "The ciphertext was changed or belongs to another place.") from None

    def blind_index(self, column: str, normalised: str) -> bytes:
        """32 bytes that are equal for equal values of one column and say nothing else."""
        return self._mac(self.blinds[max(self.blinds)], f"{column}|{normalised}".encode())

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

    def _mac(self, key: bytes, data: bytes) -> bytes:
        if self.crypto == "intl":
            return hmac.digest(key, data, "sha256")
        mac = HMAC(key, hashes.SM3())
        mac.update(data)
        return mac.finalize()


def create_keys(folder: Path, crypto: str = "intl") -> None:
    """Makes the keys of a new house. Refuses when there are keys already: they are fixed for the lake's life."""
    if crypto not in CRYPTOS:
        raise VaultError("vault.crypto_unknown", f"crypto must be one of {', '.join(CRYPTOS)}.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    if (folder / "crypto").exists():
        raise VaultError("vault.keys_exist", f"There are keys in {folder} already; they are never overwritten.")
    for name in SECRETS:
        _write_key(folder / name, 32)
    _write_key(folder / "field-1", FIELD_KEY_BYTES[crypto])
    _write_key(folder / "blind-1", 32)
    # written last: without it nothing can have been encrypted yet, and a broken-off init may be repeated
    _write(folder / "crypto", crypto)


def add_field_key(folder: Path) -> int:
    """A further field key, used for all writing from the next start on; older ones stay for reading."""
    opened = open_vault(folder)
    number = max(opened.fields) + 1
    _write_key(folder / f"field-{number}", FIELD_KEY_BYTES[opened.crypto])
    return number


def open_vault(folder: Path) -> Vault:
    """Reads the keys of a folder."""
    try:
        return Vault(
            crypto=(folder / "crypto").read_text().strip(),
            person=_read_key(folder / "person_key"),
            audit_salt=_read_key(folder / "audit_salt"),
            fields=_numbered(folder, "field"),
            blinds=_numbered(folder, "blind"),
        )
    except FileNotFoundError as error:
        raise VaultError("vault.keys_missing", f"No keys in {folder}: run `doudi init` first.") from error


def vault() -> Vault:
    """The vault of this house (HOME/keys), read once."""
    return _cached(Path(settings.HOME) / "keys")


@cache
def _cached(folder: Path) -> Vault:
    return open_vault(folder)


def _numbered(folder: Path, kind: str) -> dict[int, bytes]:
    keys = {int(path.name.split("-")[1]): _read_key(path) for path in folder.glob(f"{kind}-[0-9]*")}
    if not keys:
        raise FileNotFoundError(f"{kind}-1")
    return keys


def _read_key(path: Path) -> bytes:
    return bytes.fromhex(path.read_text().strip())


def _write_key(path: Path, length: int) -> None:
    if not path.exists():
        _write(path, secrets.token_bytes(length).hex())


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)


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
