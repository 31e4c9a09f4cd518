"""A security key in software: makes a credential and answers challenges as a browser would hand them on."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.utils import websafe_encode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class SoftKey:
    """One key pair with a counter; everything about an answer can be falsified."""

    origin: str = "https://testserver"
    rp: str = "testserver"
    counter: int = 0
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))

    def create(self, options: dict[str, Any], **false: Any) -> dict[str, Any]:
        """The answer to a registration."""
        asked = options["publicKey"]
        numbers = self.private.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id + cbor.encode(cose)
        data = self._data(PRESENT | VERIFIED | ATTESTED) + attested
        client = self._client("webauthn.create", asked["challenge"], **false)
        made = {"fmt": "none", "attStmt": {}, "authData": data}
        return self._said(
            {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(cbor.encode(made))}
        )

    def answer(
        self, options: dict[str, Any], *, advance: int = 1, signed_by: SoftKey | None = None, **false: Any
    ) -> dict[str, Any]:
        """The answer to a challenge; the counter goes on by `advance`."""
        self.counter += advance
        data = self._data(PRESENT | VERIFIED)
        client = self._client("webauthn.get", options["publicKey"]["challenge"], **false)
        signer = (signed_by or self).private
        signature = signer.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._said(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
            }
        )

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4)

    def _client(self, kind: str, challenge: str, origin: str = "", wrong_challenge: bool = False) -> bytes:
        asked = websafe_encode(os.urandom(32)) if wrong_challenge else challenge
        return json.dumps({"type": kind, "challenge": asked, "origin": origin or self.origin}).encode()

    def _said(self, response: dict[str, str]) -> dict[str, Any]:
        name = websafe_encode(self.credential_id)
        return {"type": "public-key", "id": name, "rawId": name, "response": response, "clientExtensionResults": {}}
