"""Recovery codes: for who lost phone and key. Each is used once; only digests are kept."""

from __future__ import annotations

import base64
import hashlib

COUNT, BYTES = 10, 10
"""Ten codes of 80 random bits: a digest of one cannot be guessed back."""


def written(random: bytes) -> str:
    """A code as it is written down: four groups of four letters and digits."""
    text = base64.b32encode(random).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def digest(account_id: str, code: str) -> str:
    """What is kept of a code; case, hyphens and spaces do not matter."""
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return hashlib.sha256(f"{account_id}|{plain}".encode()).hexdigest()
