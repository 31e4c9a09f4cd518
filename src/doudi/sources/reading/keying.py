"""Identity number → the lake's key of a person, as core.vault does it, without Django."""

from __future__ import annotations

import hmac
from collections.abc import Callable


def keyer(crypto: str, key: bytes) -> Callable[[str], bytes]:
    """A function from a normalised number to 16 bytes: HMAC with SHA-256 or SM3, cut to 128 bits."""
    if crypto == "intl":
        return lambda number: hmac.digest(key, number.encode(), "sha256")[:16]
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.hmac import HMAC

    def sm3(number: str) -> bytes:
        mac = HMAC(key, hashes.SM3())
        mac.update(number.encode())
        return mac.finalize()[:16]

    return sm3
