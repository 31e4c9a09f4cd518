"""Codes of a code app (TOTP, RFC 6238: SHA-1, 30 seconds, 6 digits, as every app understands them)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote

SECONDS, DIGITS = 30, 6
SLOW = 1
"""A code of the step before is still accepted: people type slowly and clocks differ. Older or later ones are not."""


def step_of(at: datetime) -> int:
    """The time step of an instant."""
    return int(at.timestamp()) // SECONDS


def code_of(secret: bytes, step: int) -> str:
    """The code of a time step."""
    digest = hmac.digest(secret, step.to_bytes(8), hashlib.sha1)
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def accepted_step(secret: bytes, code: str, at: datetime, last_step: int) -> int | None:
    """The step a code belongs to, or None: wrong, too old, from the future, or not newer than the last one used."""
    given = "".join(code.split())
    if len(given) != DIGITS or not (given.isascii() and given.isdigit()):
        return None
    here = step_of(at)
    matching = [step for step in range(here - SLOW, here + 1) if hmac.compare_digest(code_of(secret, step), given)]
    return next((step for step in matching if step > last_step), None)


def written(secret: bytes) -> str:
    """The secret as people type it into an app: base32 in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def address(secret: bytes, label: str, issuer: str) -> str:
    """The otpauth address that a code app reads from the picture."""
    key = base64.b32encode(secret).decode().rstrip("=")
    return f"otpauth://totp/{quote(issuer)}:{quote(label)}?secret={key}&issuer={quote(issuer)}"
