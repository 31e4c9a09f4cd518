"""The gateway's own key, apart from the house's: who takes the gateway over reads enquiries, and nothing of a register.

HOME/gateway (or DOUDI_GATEWAY_HOME) holds the key and how the role reaches the database; 0700.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from doudi.core.key_store import FIELD_KEY_BYTES
from doudi.core.vault import Vault

FILE = "gateway.json"


@dataclass(frozen=True, slots=True, repr=False)
class Place:
    """What the gateway process needs: key, kind of cipher, the database by name, host, role and password."""

    crypto: str
    key: str
    database: str
    host: str
    port: str
    user: str
    password: str

    def cell(self) -> Vault:
        """A vault with this one key, for the texts of enquiries."""
        return Vault(crypto=self.crypto, person=b"", audit_salt=b"", fields={1: bytes.fromhex(self.key)}, blinds={})


def gateway_home(home: Path) -> Path:
    """The gateway's folder."""
    return Path(os.environ.get("DOUDI_GATEWAY_HOME") or home / "gateway").resolve()


def read_place(folder: Path) -> Place:
    """What is written there."""
    return Place(**json.loads((folder / FILE).read_text()))


def write_place(folder: Path, *, crypto: str, database: dict[str, str]) -> Place:
    """Written anew by the house at each start (the password may have changed); the key stays once it is made."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    known = (folder / FILE).exists()
    key = read_place(folder).key if known else secrets.token_bytes(FIELD_KEY_BYTES[crypto]).hex()
    place = Place(crypto, key, **database)
    partial = folder / f".{FILE}.{os.getpid()}"
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(place), file)
    partial.replace(folder / FILE)
    return place


def text_context(enquiry: object) -> str:
    """What the text is bound to."""
    return f"gateway_enquiry|text|{enquiry}"


def answer_context(enquiry: object) -> str:
    """What the answer is bound to."""
    return f"gateway_enquiry|answer|{enquiry}"
