"""Checks a sharing answer offline: `verify_answer.py ANSWER.json KEYS.json < NUMBER`. Needs `cryptography` only.

ANSWER.json is the answer as it was received, KEYS.json what /api/exchange/v1/keys said, NUMBER the identity number.
Exit code 0: signed by the holder of the key, about this person, and nothing beside the proof says otherwise; 1: not.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def decoded(text: str) -> bytes:
    """Base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def fault(answer: dict[str, object], keys: dict[str, list[dict[str, str]]], number: str) -> str:
    """What is wrong; empty if the proof holds."""
    header, payload, signature = str(answer["proof"]).split(".")
    kid = json.loads(decoded(header)).get("kid")
    key = next((one for one in keys["keys"] if one["kid"] == kid), None)
    if key is None or json.loads(decoded(header)).get("alg") != "EdDSA":
        return "the key is not known"
    try:
        public = Ed25519PublicKey.from_public_bytes(decoded(key["x"]))
        public.verify(decoded(signature), f"{header}.{payload}".encode())
    except (InvalidSignature, ValueError):
        return "the signature is not right"
    stated = json.loads(decoded(payload))
    if stated["subject"] != hashlib.sha256(f"{answer['salt']}|{number}".encode()).hexdigest():
        return "it is about somebody else"
    differs = [name for name in ("answer", "as_of", "product", "request_id") if answer.get(name) != stated.get(name)]
    return f"beside the proof other things are said: {', '.join(differs)}" if differs else ""


def main() -> int:
    """Reads, checks, says."""
    answer, keys = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:3])
    try:
        wrong = fault(answer, keys, sys.stdin.read().strip().upper())
    except (KeyError, ValueError) as error:
        wrong = f"unreadable: {type(error).__name__}"
    print(wrong or "the proof holds")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
