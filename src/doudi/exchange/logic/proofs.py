"""A proof of an answer or a change that its receiver can check without us: a signed statement (JWS, Ed25519) that binds
the person by a salted digest. Who has the proof alone learns nothing of whom it is about; who has number and salt can
show it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

ANSWER, CHANGE = "doudi-answer", "doudi-change"
CHANGE_VERSION = 2
"""Of a change's statement; the first, without person and purpose, was of the type of answers."""


def digest_of(number: str, salt: str) -> str:
    """What binds a proof to a person: SHA-256 over salt and normalised number, hex."""
    return hashlib.sha256(f"{salt}|{number}".encode()).hexdigest()


def statement(content: Mapping[str, Any], key_id: str, kind: str = ANSWER) -> bytes:
    """The bytes that are signed: header and payload, base64url, joined by a point."""
    header = {"alg": "EdDSA", "kid": key_id, "typ": kind}
    return f"{_encoded(_canonical(header))}.{_encoded(_canonical(content))}".encode()


def signed(content: Mapping[str, Any], key_id: str, sign: Callable[[bytes], bytes], kind: str = ANSWER) -> str:
    """The compact form: header.payload.signature."""
    stated = statement(content, key_id, kind)
    return f"{stated.decode()}.{_encoded(sign(stated))}"


def public_key(raw: bytes) -> dict[str, str]:
    """The key as everybody may have it (JWK, RFC 8037); its id is the beginning of its digest."""
    return {"kty": "OKP", "crv": "Ed25519", "x": _encoded(raw), "kid": key_id(raw), "use": "sig", "alg": "EdDSA"}


def key_id(raw: bytes) -> str:
    """A name for a key that follows from it."""
    return hashlib.sha256(raw).hexdigest()[:16]


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
