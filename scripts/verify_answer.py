"""Checks a sharing answer offline: `verify_answer.py ANSWER.json KEYS.json < NUMBER`. Needs `cryptography` only.

ANSWER.json is the answer as it was received, or one of `changes`; KEYS.json what /api/exchange/v1/keys said, NUMBER the
identity number. What it was given for is printed.
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

BESIDE = {
    "doudi-answer": ("answer", "as_of", "product", "request_id"),
    "doudi-change": ("answer", "was", "reference", "noted_at", "cursor"),
}
"""What stands beside a proof, by its type, and must be what it says."""


def decoded(text: str) -> bytes:
    """Base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def fault(answer: dict[str, object], keys: dict[str, list[dict[str, str]]], number: str) -> str:
    """What is wrong; empty if the proof holds."""
    header, payload, signature = str(answer["proof"]).split(".")
    head = json.loads(decoded(header))
    key = next((one for one in keys["keys"] if one["kid"] == head.get("kid")), None)
    if key is None or head.get("alg") != "EdDSA":
        return "the key is not known"
    if head.get("typ") not in BESIDE:
        return "it is no proof of an answer or a change"
    try:
        public = Ed25519PublicKey.from_public_bytes(decoded(key["x"]))
        public.verify(decoded(signature), f"{header}.{payload}".encode())
    except (InvalidSignature, ValueError):
        return "the signature is not right"
    stated = json.loads(decoded(payload))
    if stated["subject"] != hashlib.sha256(f"{answer['salt']}|{number}".encode()).hexdigest():
        return "it is about somebody else"
    differs = [name for name in BESIDE[head["typ"]] if answer[name] != stated[name]]
    return f"beside the proof other things are said: {', '.join(differs)}" if differs else ""


def purpose(answer: dict[str, object]) -> str:
    """What a proof that holds was given for."""
    return str(json.loads(decoded(str(answer["proof"]).split(".")[1]))["purpose"])


def main() -> int:
    """Reads, checks, says."""
    answer, keys = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:3])
    try:
        wrong = fault(answer, keys, sys.stdin.read().strip().upper())
    except (KeyError, ValueError) as error:
        wrong = f"unreadable: {type(error).__name__}"
    print(wrong or f"the proof holds, for {purpose(answer)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
